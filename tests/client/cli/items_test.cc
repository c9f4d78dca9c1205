#include "gmock/gmock.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;

class ItemsCommandTest : public CliTest {
 protected:
  static v1::Item Jedi() {
    v1::Item item;
    item.set_id("1210");
    item.set_title("Return of the Jedi (1983)");
    item.add_tags("Action");
    item.add_tags("Sci-Fi");
    item.set_available(true);
    (*item.mutable_attributes())["imdb"] = "0086190";
    return item;
  }
};

TEST_F(ItemsCommandTest, ListsItemsThatMatch) {
  v1::ListItemsResponse page;
  *page.add_items() = Jedi();
  server_.Respond(page);
  EXPECT_EQ(Run({"items", "list", "--tag-all", "Action", "--tag-none", "Horror", "--limit", "5"}).out,
            "ITEM  TITLE                      TAGS\n"
            "1210  Return of the Jedi (1983)  Action, Sci-Fi\n");
  const auto sent = server_.Last<v1::ListItemsRequest>();
  EXPECT_EQ(sent.page_size(), 5);
  EXPECT_THAT(sent.tags().all(), ElementsAre("Action"));
  EXPECT_THAT(sent.tags().none(), ElementsAre("Horror"));
}

TEST_F(ItemsCommandTest, ListsOneObjectALineForScripts) {
  v1::ListItemsResponse page;
  *page.add_items() = Jedi();
  *page.add_items() = Jedi();
  server_.Respond(page);
  const CliRun run = Run({"items", "list", "--json"});
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 2);
}

TEST_F(ItemsCommandTest, PrintsOneItem) {
  server_.Respond(Jedi());
  EXPECT_EQ(Run({"items", "get", "1210"}).out,
            "item       1210\n"
            "title      Return of the Jedi (1983)\n"
            "tags       Action, Sci-Fi\n"
            "available  yes\n"
            "imdb       0086190\n"
            "updated\n");
  EXPECT_EQ(server_.Last<v1::GetItemRequest>().item_id(), "1210");
}

TEST_F(ItemsCommandTest, DeletesOneItem) {
  EXPECT_EQ(Run({"items", "delete", "1210"}).out, "deleted 1210 from the catalogue\n");
  EXPECT_EQ(server_.Last<v1::DeleteItemRequest>().item_id(), "1210");
  EXPECT_EQ(Run({"items", "delete"}).code, ExitCode::kUsage);
}

}  // namespace
}  // namespace ridgeline
