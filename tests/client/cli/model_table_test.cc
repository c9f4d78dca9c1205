#include "client/cli/model_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ModelProperties, ShowWhatTheKindOfFeedbackUses) {
  v1::Model model;
  model.set_version("v1");
  model.set_live(true);
  model.mutable_hyperparameters()->set_feedback_kind(v1::FEEDBACK_KIND_IMPLICIT);
  model.mutable_hyperparameters()->set_factors(64);
  model.mutable_hyperparameters()->set_unobserved_weight(0.1);
  (*model.mutable_metrics())["ndcg@20"] = 0.25;
  Table table = Table::OfProperties();
  AddModelProperties(model, table);
  const std::string text = table.Render();
  EXPECT_THAT(text, HasSubstr("v1 (live)"));
  EXPECT_THAT(text, HasSubstr("IMPLICIT"));
  EXPECT_THAT(text, HasSubstr("unobserved weight  0.1"));
  EXPECT_THAT(text, HasSubstr("ndcg@20            0.25"));
  EXPECT_THAT(text, Not(HasSubstr("bias regularization")));
}

TEST(ModelProperties, ShowHowManyItemsWerePlacedIfAnyWere) {
  v1::Model model;
  Table none = Table::OfProperties();
  AddModelProperties(model, none);
  EXPECT_THAT(none.Render(), Not(HasSubstr("placed")));
  model.set_placed_item_count(1234);
  Table table = Table::OfProperties();
  AddModelProperties(model, table);
  EXPECT_THAT(table.Render(), testing::ContainsRegex("placed by tags +1,234"));
}

TEST(ModelProperties, ShowWhatEventsWeighWhereThatIsConfigured) {
  v1::Model model;
  v1::Hyperparameters& h = *model.mutable_hyperparameters();
  Table plain = Table::OfProperties();
  AddModelProperties(model, plain);
  EXPECT_THAT(plain.Render(), Not(HasSubstr("half-life")));
  h.set_confidence_scaling(v1::CONFIDENCE_SCALING_LOG);
  h.set_confidence_epsilon(0.5);
  (*h.mutable_event_type_weights()->mutable_weights())["buy"] = 5.0;
  h.set_half_life_days(30.0);
  h.set_non_negative(true);
  Table table = Table::OfProperties();
  AddModelProperties(model, table);
  const std::string text = table.Render();
  EXPECT_THAT(text, HasSubstr("log, epsilon 0.5"));
  EXPECT_THAT(text, HasSubstr("weight of buy"));
  EXPECT_THAT(text, HasSubstr("30 days"));
  EXPECT_THAT(text, HasSubstr("non-negative"));
  EXPECT_THAT(text, Not(HasSubstr("implicit biases")));
}

TEST(DescribeTraining, TellsThePhaseOnlyWhileRunning) {
  v1::Training training;
  training.set_state(v1::TRAINING_STATE_RUNNING);
  training.set_phase(v1::TRAINING_PHASE_TRAINING);
  training.set_iteration(3);
  training.set_iterations(10);
  training.set_objective(1234.5);
  training.mutable_eta()->set_seconds(2);
  EXPECT_EQ(DescribeTraining(training), "RUNNING TRAINING 3/10  objective 1234.5  2s left");
  training.set_state(v1::TRAINING_STATE_SUCCEEDED);
  training.clear_eta();
  training.set_model_version("v2");
  EXPECT_EQ(DescribeTraining(training), "SUCCEEDED 3/10  objective 1234.5  model v2");
}

TEST(DescribeTraining, TellsWhyItFailed) {
  v1::Training training;
  training.set_state(v1::TRAINING_STATE_FAILED);
  training.set_error("no interaction");
  EXPECT_EQ(DescribeTraining(training), "FAILED  no interaction");
}

}  // namespace
}  // namespace ridgeline
