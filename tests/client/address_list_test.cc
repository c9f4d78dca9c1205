#include "client/address_list.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;

TEST(ParseAddressList, OneAddressIsAListOfOne) {
  EXPECT_THAT(*ParseAddressList("shop:50051"), ElementsAre("shop:50051"));
  EXPECT_THAT(*ParseAddressList("unix:/run/ridgeline.sock"), ElementsAre("unix:/run/ridgeline.sock"));
}

TEST(ParseAddressList, KeepsTheOrderAndDropsSpace) {
  EXPECT_THAT(*ParseAddressList("b:1, a:2 ,[::1]:3"), ElementsAre("b:1", "a:2", "[::1]:3"));
}

TEST(ParseAddressList, TellsWhichAddressIsEmpty) {
  EXPECT_EQ(ParseAddressList(" ").status().message(), "must not be empty");
  EXPECT_EQ(ParseAddressList("a:1,").status().message(), "address 2 of 'a:1,' is empty");
  EXPECT_EQ(ParseAddressList(",a:1").status().message(), "address 1 of ',a:1' is empty");
}

}  // namespace
}  // namespace ridgeline
