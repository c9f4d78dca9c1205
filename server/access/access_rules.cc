#include "server/access/access_rules.h"

#define RIDGELINE_RPC(service, method) "/ridgeline.v1." service "/" method

namespace ridgeline {
namespace {

constexpr bool kAudited = true;

// Recording is a product's ordinary traffic, thousands of calls a second: only its denials are audited.
constexpr AccessRule kMethodRules[] = {
    {RIDGELINE_RPC("RecommendationService", "Recommend"), Role::kReader},
    {RIDGELINE_RPC("RecommendationService", "BatchRecommend"), Role::kReader},
    {RIDGELINE_RPC("RecommendationService", "SimilarItems"), Role::kReader},
    {RIDGELINE_RPC("RecommendationService", "SimilarUsers"), Role::kReader},
    {RIDGELINE_RPC("RecommendationService", "ScoreItems"), Role::kReader},
    {RIDGELINE_RPC("RecommendationService", "Explain"), Role::kReader},
    {RIDGELINE_RPC("InteractionService", "RecordInteractions"), Role::kWriter},
    {RIDGELINE_RPC("InteractionService", "ImportInteractions"), Role::kWriter, kAudited},
    {RIDGELINE_RPC("InteractionService", "ListInteractions"), Role::kReader},
    {RIDGELINE_RPC("InteractionService", "DeleteUser"), Role::kAdmin, kAudited},
    {RIDGELINE_RPC("CatalogService", "UpsertItems"), Role::kWriter, kAudited},
    {RIDGELINE_RPC("CatalogService", "GetItem"), Role::kReader},
    {RIDGELINE_RPC("CatalogService", "ListItems"), Role::kReader},
    {RIDGELINE_RPC("CatalogService", "DeleteItem"), Role::kWriter, kAudited},
    {RIDGELINE_RPC("ModelService", "GetModel"), Role::kReader},
    {RIDGELINE_RPC("ModelService", "ListModels"), Role::kReader},
    {RIDGELINE_RPC("ModelService", "StartTraining"), Role::kTrainer, kAudited},
    {RIDGELINE_RPC("ModelService", "GetTraining"), Role::kReader},
    {RIDGELINE_RPC("ModelService", "WatchTraining"), Role::kReader},
    {RIDGELINE_RPC("ModelService", "CancelTraining"), Role::kTrainer, kAudited},
    {RIDGELINE_RPC("ModelService", "ActivateModel"), Role::kTrainer, kAudited},
    {RIDGELINE_RPC("ModelService", "SetExperiment"), Role::kTrainer, kAudited},
    {RIDGELINE_RPC("ModelService", "GetExperiment"), Role::kReader},
    {RIDGELINE_RPC("ModelService", "EndExperiment"), Role::kTrainer, kAudited},
    {RIDGELINE_RPC("ModelService", "GetServerStatus"), Role::kReader},
    {RIDGELINE_RPC("BackupService", "CreateBackup"), Role::kAdmin, kAudited},
    // gRPC answers these itself: load balancers have no key, and learn no more than whether to send calls.
    {"/grpc.health.v1.Health/Check", absl::nullopt},
    {"/grpc.health.v1.Health/Watch", absl::nullopt},
};

constexpr AccessRule kRouteRules[] = {
    {"/", Role::kReader},
    {"/healthz", absl::nullopt},
    {"/readyz", absl::nullopt},
    {"/metrics", Role::kReader},
};

}  // namespace

#undef RIDGELINE_RPC

absl::Span<const AccessRule> MethodRules() {
  return kMethodRules;
}

absl::Span<const AccessRule> RouteRules() {
  return kRouteRules;
}

const AccessRule* FindRule(absl::Span<const AccessRule> rules, absl::string_view path) {
  for (const AccessRule& rule : rules) {
    if (rule.path == path) return &rule;
  }
  return nullptr;
}

}  // namespace ridgeline
