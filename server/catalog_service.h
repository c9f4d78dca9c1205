#ifndef RIDGELINE_SERVER_CATALOG_SERVICE_H_
#define RIDGELINE_SERVER_CATALOG_SERVICE_H_

#include "absl/status/statusor.h"
#include "core/base/clock.h"
#include "core/catalog/catalog.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "server/call_info.h"

namespace ridgeline {

/// The methods of ridgeline.v1.CatalogService; catalog_service.proto says what each does and which errors it
/// gives. Thread-safe.
class CatalogService {
 public:
  /// The pointers must outlive the service.
  CatalogService(Catalog* catalog, const Clock* clock) : catalog_(catalog), clock_(clock) {}

  absl::StatusOr<v1::UpsertItemsResponse> UpsertItems(const v1::UpsertItemsRequest& request,
                                                      const CallInfo& call);
  absl::StatusOr<v1::Item> GetItem(const v1::GetItemRequest& request, const CallInfo& call);
  absl::StatusOr<v1::ListItemsResponse> ListItems(const v1::ListItemsRequest& request, const CallInfo& call);
  absl::StatusOr<v1::DeleteItemResponse> DeleteItem(const v1::DeleteItemRequest& request,
                                                    const CallInfo& call);

 private:
  Catalog* const catalog_;
  const Clock* const clock_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CATALOG_SERVICE_H_
