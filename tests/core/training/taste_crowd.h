#ifndef RIDGELINE_TESTS_CORE_TRAINING_TASTE_CROWD_H_
#define RIDGELINE_TESTS_CORE_TRAINING_TASTE_CROWD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {

/// A crowd of 200 users who come back again and again, a second apart: each likes two of ten genres of 24
/// items and takes an item of another genre one time in ten. Some items of a genre are met more often. A
/// model of their past predicts what they do next well, popularity hardly.
class TasteCrowd {
 public:
  static constexpr int kUsers = 200;
  static constexpr int kGenres = 10;
  static constexpr int kItemsOfGenre = 24;
  static constexpr int kItems = kGenres * kItemsOfGenre;

  explicit TasteCrowd(uint64_t seed = 1) : random_(seed) {}

  static std::string User(int user) { return absl::StrCat("u", user); }
  static std::string ItemName(int item) { return absl::StrCat("i", item); }

  static bool Likes(int user, int item) {
    const int genre = item / kItemsOfGenre;
    return genre == user % kGenres || genre == (user / kGenres * 3 + user + 1) % kGenres;
  }

  /// The crowd's next `count` events, of value 1.
  std::vector<Interaction> Events(int count) {
    std::vector<Interaction> events;
    for (int i = 0; i < count; ++i) events.push_back(Event(AnyUser(), 1.0f));
    return events;
  }

  /// The crowd's next `count` ratings: 4 of what they like and 2 of the rest, give or take half a star.
  std::vector<Interaction> Ratings(int count) {
    std::vector<Interaction> ratings;
    for (int i = 0; i < count; ++i) {
      const int user = AnyUser();
      const int item = AnyItem();
      const float noise = static_cast<float>(random_.Uniform()) - 0.5f;
      ratings.push_back(At(User(user), ItemName(item), (Likes(user, item) ? 4.0f : 2.0f) + noise));
    }
    return ratings;
  }

  /// An event at the crowd's next second.
  Interaction At(const std::string& user, const std::string& item, float value = 1.0f) {
    return MakeInteraction(user, item, value, ++now_);
  }

  int AnyUser() { return static_cast<int>(random_.Below(kUsers)); }
  int AnyItem() { return static_cast<int>(random_.Below(kItems)); }
  double Uniform() { return random_.Uniform(); }

 private:
  Interaction Event(int user, float value) {
    int item = AnyItem();
    if (random_.Uniform() < 0.9) {
      while (!Likes(user, item)) item = AnyItem();
      // The first items of a genre are the better known ones.
      if (random_.Uniform() < 0.3)
        item = item / kItemsOfGenre * kItemsOfGenre + static_cast<int>(random_.Below(6));
    }
    return At(User(user), ItemName(item), value);
  }

  Random random_;
  int64_t now_ = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_TRAINING_TASTE_CROWD_H_
