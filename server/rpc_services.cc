#include "server/rpc_services.h"

#include "ridgeline/v1/backup_service.grpc.pb.h"
#include "ridgeline/v1/catalog_service.grpc.pb.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"
#include "server/batch_method.h"
#include "server/recommend_batcher.h"
#include "server/rpc_backup.h"
#include "server/rpc_import.h"
#include "server/rpc_watch.h"

namespace ridgeline {
namespace {

using Context = grpc::CallbackServerContext;
using Bytes = grpc::ByteBuffer;
using Unary = grpc::ServerUnaryReactor;

// One class a service, one line a method: gRPC calls the override, which starts the method.

using BackupBase = v1::BackupService::WithRawCallbackMethod_CreateBackup<v1::BackupService::Service>;

class BackupRpc final : public BackupBase {
 public:
  explicit BackupRpc(const RpcServiceParts& parts)
      : create_backup_(parts.environment, parts.storing, parts.backups, parts.streams) {}

  grpc::ServerWriteReactor<Bytes>* CreateBackup(Context* context, const Bytes* request) override {
    return create_backup_.Start(context, request);
  }

 private:
  BackupMethod create_backup_;
};

using CatalogBase = v1::CatalogService::WithRawCallbackMethod_UpsertItems<
    v1::CatalogService::WithRawCallbackMethod_GetItem<v1::CatalogService::WithRawCallbackMethod_ListItems<
        v1::CatalogService::WithRawCallbackMethod_DeleteItem<v1::CatalogService::Service>>>>;

class CatalogRpc final : public CatalogBase {
 public:
  explicit CatalogRpc(const RpcServiceParts& parts)
      : upsert_items_(parts.environment, "UpsertItems", parts.storing,
                      MakeHandler(parts.catalog, &CatalogService::UpsertItems)),
        get_item_(parts.environment, "GetItem", parts.computing,
                  MakeHandler(parts.catalog, &CatalogService::GetItem)),
        list_items_(parts.environment, "ListItems", parts.computing,
                    MakeHandler(parts.catalog, &CatalogService::ListItems)),
        delete_item_(parts.environment, "DeleteItem", parts.storing,
                     MakeHandler(parts.catalog, &CatalogService::DeleteItem)) {}

  Unary* UpsertItems(Context* context, const Bytes* request, Bytes* response) override {
    return upsert_items_.Start(context, request, response);
  }
  Unary* GetItem(Context* context, const Bytes* request, Bytes* response) override {
    return get_item_.Start(context, request, response);
  }
  Unary* ListItems(Context* context, const Bytes* request, Bytes* response) override {
    return list_items_.Start(context, request, response);
  }
  Unary* DeleteItem(Context* context, const Bytes* request, Bytes* response) override {
    return delete_item_.Start(context, request, response);
  }

 private:
  UnaryMethod upsert_items_;
  UnaryMethod get_item_;
  UnaryMethod list_items_;
  UnaryMethod delete_item_;
};

using InteractionBase = v1::InteractionService::WithRawCallbackMethod_RecordInteractions<
    v1::InteractionService::WithRawCallbackMethod_ListInteractions<
        v1::InteractionService::WithRawCallbackMethod_DeleteUser<
            v1::InteractionService::WithRawCallbackMethod_ImportInteractions<
                v1::InteractionService::Service>>>>;

class InteractionRpc final : public InteractionBase {
 public:
  explicit InteractionRpc(const RpcServiceParts& parts)
      : record_interactions_(parts.environment, "RecordInteractions", parts.storing,
                             MakeHandler(parts.interactions, &InteractionService::RecordInteractions)),
        list_interactions_(parts.environment, "ListInteractions", parts.storing,
                           MakeHandler(parts.interactions, &InteractionService::ListInteractions)),
        delete_user_(parts.environment, "DeleteUser", parts.storing,
                     MakeHandler(parts.interactions, &InteractionService::DeleteUser)),
        import_(parts.environment, parts.storing, parts.recorder, parts.streams, parts.computing) {}

  Unary* RecordInteractions(Context* context, const Bytes* request, Bytes* response) override {
    return record_interactions_.Start(context, request, response);
  }
  Unary* ListInteractions(Context* context, const Bytes* request, Bytes* response) override {
    return list_interactions_.Start(context, request, response);
  }
  Unary* DeleteUser(Context* context, const Bytes* request, Bytes* response) override {
    return delete_user_.Start(context, request, response);
  }
  grpc::ServerReadReactor<Bytes>* ImportInteractions(Context* context, Bytes* response) override {
    return import_.Start(context, response);
  }

 private:
  UnaryMethod record_interactions_;
  UnaryMethod list_interactions_;
  UnaryMethod delete_user_;
  ImportMethod import_;
};

using ModelBase = v1::ModelService::WithRawCallbackMethod_GetModel<
    v1::ModelService::WithRawCallbackMethod_ListModels<v1::ModelService::WithRawCallbackMethod_StartTraining<
        v1::ModelService::WithRawCallbackMethod_GetTraining<
            v1::ModelService::WithRawCallbackMethod_CancelTraining<
                v1::ModelService::WithRawCallbackMethod_ActivateModel<
                    v1::ModelService::WithRawCallbackMethod_SetExperiment<
                        v1::ModelService::WithRawCallbackMethod_GetExperiment<
                            v1::ModelService::WithRawCallbackMethod_EndExperiment<
                                v1::ModelService::WithRawCallbackMethod_GetServerStatus<
                                    v1::ModelService::WithRawCallbackMethod_WatchTraining<
                                        v1::ModelService::Service>>>>>>>>>>>;

class ModelRpc final : public ModelBase {
 public:
  explicit ModelRpc(const RpcServiceParts& parts)
      : get_model_(parts.environment, "GetModel", parts.storing,
                   MakeHandler(parts.models, &ModelService::GetModel)),
        list_models_(parts.environment, "ListModels", parts.storing,
                     MakeHandler(parts.models, &ModelService::ListModels)),
        start_training_(parts.environment, "StartTraining", parts.storing,
                        MakeHandler(parts.models, &ModelService::StartTraining)),
        get_training_(parts.environment, "GetTraining", parts.computing,
                      MakeHandler(parts.models, &ModelService::GetTraining)),
        cancel_training_(parts.environment, "CancelTraining", parts.computing,
                         MakeHandler(parts.models, &ModelService::CancelTraining)),
        activate_model_(parts.environment, "ActivateModel", parts.storing,
                        MakeHandler(parts.models, &ModelService::ActivateModel)),
        set_experiment_(parts.environment, "SetExperiment", parts.storing,
                        MakeHandler(parts.models, &ModelService::SetExperiment)),
        get_experiment_(parts.environment, "GetExperiment", parts.computing,
                        MakeHandler(parts.models, &ModelService::GetExperiment)),
        end_experiment_(parts.environment, "EndExperiment", parts.storing,
                        MakeHandler(parts.models, &ModelService::EndExperiment)),
        get_server_status_(parts.environment, "GetServerStatus", parts.storing,
                           MakeHandler(parts.models, &ModelService::GetServerStatus)),
        watch_(parts.environment, parts.computing, parts.retrainer, parts.watchers) {}

  Unary* GetModel(Context* context, const Bytes* request, Bytes* response) override {
    return get_model_.Start(context, request, response);
  }
  Unary* ListModels(Context* context, const Bytes* request, Bytes* response) override {
    return list_models_.Start(context, request, response);
  }
  Unary* StartTraining(Context* context, const Bytes* request, Bytes* response) override {
    return start_training_.Start(context, request, response);
  }
  Unary* GetTraining(Context* context, const Bytes* request, Bytes* response) override {
    return get_training_.Start(context, request, response);
  }
  Unary* CancelTraining(Context* context, const Bytes* request, Bytes* response) override {
    return cancel_training_.Start(context, request, response);
  }
  Unary* ActivateModel(Context* context, const Bytes* request, Bytes* response) override {
    return activate_model_.Start(context, request, response);
  }
  Unary* SetExperiment(Context* context, const Bytes* request, Bytes* response) override {
    return set_experiment_.Start(context, request, response);
  }
  Unary* GetExperiment(Context* context, const Bytes* request, Bytes* response) override {
    return get_experiment_.Start(context, request, response);
  }
  Unary* EndExperiment(Context* context, const Bytes* request, Bytes* response) override {
    return end_experiment_.Start(context, request, response);
  }
  Unary* GetServerStatus(Context* context, const Bytes* request, Bytes* response) override {
    return get_server_status_.Start(context, request, response);
  }
  grpc::ServerWriteReactor<Bytes>* WatchTraining(Context* context, const Bytes* request) override {
    return watch_.Start(context, request);
  }

 private:
  UnaryMethod get_model_;
  UnaryMethod list_models_;
  UnaryMethod start_training_;
  UnaryMethod get_training_;
  UnaryMethod cancel_training_;
  UnaryMethod activate_model_;
  UnaryMethod set_experiment_;
  UnaryMethod get_experiment_;
  UnaryMethod end_experiment_;
  UnaryMethod get_server_status_;
  WatchMethod watch_;
};

using RecommendationBase = v1::RecommendationService::WithRawCallbackMethod_Recommend<
    v1::RecommendationService::WithRawCallbackMethod_BatchRecommend<
        v1::RecommendationService::WithRawCallbackMethod_SimilarItems<
            v1::RecommendationService::WithRawCallbackMethod_SimilarUsers<
                v1::RecommendationService::WithRawCallbackMethod_ScoreItems<
                    v1::RecommendationService::WithRawCallbackMethod_Explain<
                        v1::RecommendationService::Service>>>>>>;

class RecommendationRpc final : public RecommendationBase {
 public:
  explicit RecommendationRpc(const RpcServiceParts& parts)
      : batcher_(parts.recommendations),
        recommend_(parts.environment, "Recommend", parts.computing, &batcher_),
        batch_recommend_(parts.environment, "BatchRecommend", parts.computing,
                         MakeHandler(parts.recommendations, &RecommendationService::BatchRecommend)),
        similar_items_(parts.environment, "SimilarItems", parts.computing,
                       MakeHandler(parts.recommendations, &RecommendationService::SimilarItems)),
        similar_users_(parts.environment, "SimilarUsers", parts.computing,
                       MakeHandler(parts.recommendations, &RecommendationService::SimilarUsers)),
        score_items_(parts.environment, "ScoreItems", parts.computing,
                     MakeHandler(parts.recommendations, &RecommendationService::ScoreItems)),
        explain_(parts.environment, "Explain", parts.computing,
                 MakeHandler(parts.recommendations, &RecommendationService::Explain)) {}

  Unary* Recommend(Context* context, const Bytes* request, Bytes* response) override {
    return recommend_.Start(context, request, response);
  }
  Unary* BatchRecommend(Context* context, const Bytes* request, Bytes* response) override {
    return batch_recommend_.Start(context, request, response);
  }
  Unary* SimilarItems(Context* context, const Bytes* request, Bytes* response) override {
    return similar_items_.Start(context, request, response);
  }
  Unary* SimilarUsers(Context* context, const Bytes* request, Bytes* response) override {
    return similar_users_.Start(context, request, response);
  }
  Unary* ScoreItems(Context* context, const Bytes* request, Bytes* response) override {
    return score_items_.Start(context, request, response);
  }
  Unary* Explain(Context* context, const Bytes* request, Bytes* response) override {
    return explain_.Start(context, request, response);
  }

 private:
  RecommendBatcher batcher_;
  BatchMethod recommend_;
  UnaryMethod batch_recommend_;
  UnaryMethod similar_items_;
  UnaryMethod similar_users_;
  UnaryMethod score_items_;
  UnaryMethod explain_;
};

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> MakeRpcServices(const RpcServiceParts& parts) {
  const auto of = [&parts](const char* service) {
    RpcServiceParts named = parts;
    named.environment.service = service;
    return named;
  };
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(std::make_unique<BackupRpc>(of(v1::BackupService::service_full_name())));
  services.push_back(std::make_unique<CatalogRpc>(of(v1::CatalogService::service_full_name())));
  services.push_back(std::make_unique<InteractionRpc>(of(v1::InteractionService::service_full_name())));
  services.push_back(std::make_unique<ModelRpc>(of(v1::ModelService::service_full_name())));
  services.push_back(std::make_unique<RecommendationRpc>(of(v1::RecommendationService::service_full_name())));
  return services;
}

}  // namespace ridgeline
