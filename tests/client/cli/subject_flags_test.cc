#include "client/cli/subject_flags.h"

#include <sstream>

#include "client/cli/exit_code.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {
namespace {

absl::StatusOr<Subject> ReadSubjectOf(const SubjectFlags& flags, const std::string& input = "") {
  std::istringstream stream(input);
  return ReadSubject(flags, stream);
}

SubjectFlags User(const std::string& id) {
  SubjectFlags flags;
  flags.user = id;
  return flags;
}

SubjectFlags History(const std::string& list) {
  SubjectFlags flags;
  flags.history = list;
  return flags;
}

TEST(ParseHistoryEntry, TakesAnItemWithOrWithoutAValue) {
  EXPECT_EQ(ParseHistoryEntry("matrix").item_id(), "matrix");
  EXPECT_FALSE(ParseHistoryEntry("matrix").has_value());
  EXPECT_EQ(ParseHistoryEntry("matrix=4.5").item_id(), "matrix");
  EXPECT_EQ(ParseHistoryEntry("matrix=4.5").value(), 4.5f);
}

TEST(ParseHistoryEntry, TakesAnEqualsSignForPartOfAnIdUnlessANumberFollows) {
  EXPECT_EQ(ParseHistoryEntry("a=b").item_id(), "a=b");
  EXPECT_FALSE(ParseHistoryEntry("a=b").has_value());
  EXPECT_EQ(ParseHistoryEntry("a=b=2").item_id(), "a=b");
  EXPECT_EQ(ParseHistoryEntry("a=").item_id(), "a=");
}

TEST(SubjectFlags, GiveAUserEvenIfItsIdIsEmptyForTheServerToRefuse) {
  const auto subject = ReadSubjectOf(User(""));
  ASSERT_TRUE(subject.ok());
  v1::RecommendRequest request;
  SetSubject(*subject, request);
  EXPECT_EQ(request.subject_case(), v1::RecommendRequest::kUserId);
}

TEST(SubjectFlags, ReadAHistoryFromTheInput) {
  const auto subject = ReadSubjectOf(History("-"), "a\nb=2\n");
  ASSERT_TRUE(subject.ok());
  v1::ExplainRequest request;
  SetSubject(*subject, request);
  ASSERT_EQ(request.history().entries_size(), 2);
  EXPECT_EQ(request.history().entries(1).item_id(), "b");
  EXPECT_EQ(request.history().entries(1).value(), 2);
}

TEST(SubjectFlags, ReadAVectorWithItsBias) {
  SubjectFlags flags;
  flags.vector = "-";
  flags.vector_bias = 0.5f;
  const auto subject = ReadSubjectOf(flags, "0.1 0.2\n-3,4e-1\n");
  ASSERT_TRUE(subject.ok()) << subject.status();
  v1::ScoreItemsRequest request;
  SetSubject(*subject, request);
  EXPECT_THAT(request.vector().factors(), testing::ElementsAre(0.1f, 0.2f, -3.0f, 0.4f));
  EXPECT_EQ(request.vector().bias(), 0.5f);
}

TEST(SubjectFlags, RefuseNoneSeveralAndVectorsThatAreNotNumbers) {
  EXPECT_EQ(ExitCodeFor(ReadSubjectOf({}).status()), ExitCode::kUsage);
  SubjectFlags flags = User("1");
  flags.history = "a";
  EXPECT_EQ(ExitCodeFor(ReadSubjectOf(flags).status()), ExitCode::kUsage);
  flags = SubjectFlags();
  flags.vector = "1,two";
  EXPECT_EQ(ExitCodeFor(ReadSubjectOf(flags).status()), ExitCode::kUsage);
}

TEST(SubjectFlags, ReportAFileThatIsNotThere) {
  EXPECT_TRUE(absl::IsNotFound(ReadSubjectOf(History("@/no/such/file")).status()));
}

}  // namespace
}  // namespace ridgeline
