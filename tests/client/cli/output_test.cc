#include "client/cli/output.h"

#include <sstream>

#include "gtest/gtest.h"
#include "ridgeline/v1/interaction_service.pb.h"

namespace ridgeline {
namespace {

struct Captured {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;

  Streams streams(bool terminal) { return {&in, &out, &err, terminal}; }
};

TEST(Output, PrintsJsonWithTheSchemasNamesOnOneLine) {
  Captured captured;
  v1::RecordInteractionsResponse response;
  response.set_recorded_count(2);
  Output(captured.streams(false), true).PrintJson(response);
  EXPECT_EQ(captured.out.str(),
            "{\"recorded_count\":\"2\",\"duplicate_count\":\"0\",\"last_sequence\":\"0\"}\n");
}

TEST(Output, SaysSoWhenATableIsEmpty) {
  Captured captured;
  Output(captured.streams(false), false).PrintTable(Table({{"A"}}), "nothing");
  EXPECT_EQ(captured.out.str(), "nothing\n");
}

TEST(Output, KeepsNotesOffTheResult) {
  Captured captured;
  Output output(captured.streams(false), false);
  output.Note("beside");
  output.PrintLine("result");
  EXPECT_EQ(captured.out.str(), "result\n");
  EXPECT_EQ(captured.err.str(), "beside\n");
}

TEST(Output, OverwritesProgressOnATerminalAndEndsItsLine) {
  Captured captured;
  Output output(captured.streams(true), false);
  output.ShowProgress("1");
  output.ShowProgress("2");
  output.PrintLine("done");
  EXPECT_EQ(captured.err.str(), "\r\033[K1\r\033[K2\n");
  EXPECT_EQ(captured.out.str(), "done\n");
}

TEST(Output, PrintsProgressAsPlainLinesElsewhere) {
  Captured captured;
  Output output(captured.streams(false), false);
  output.ShowProgress("1");
  output.ShowProgress("2");
  EXPECT_EQ(captured.err.str(), "1\n2\n");
}

TEST(Output, NoticesThatTheResultCouldNotBeWritten) {
  Captured captured;
  Output output(captured.streams(false), false);
  EXPECT_TRUE(output.Flush());
  captured.out.setstate(std::ios::badbit);
  output.PrintLine("lost");
  EXPECT_FALSE(output.Flush());
}

}  // namespace
}  // namespace ridgeline
