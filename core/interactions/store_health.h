#ifndef RIDGELINE_CORE_INTERACTIONS_STORE_HEALTH_H_
#define RIDGELINE_CORE_INTERACTIONS_STORE_HEALTH_H_

#include <atomic>

#include "rocksdb/listener.h"
#include "rocksdb/status.h"

namespace ridgeline {

/// Learns of every error that makes RocksDB refuse writes or stop its background work, and turns RocksDB's
/// own attempts to go on off: DurableStore alone decides when. Thread-safe.
class StoreHealth final : public rocksdb::EventListener {
 public:
  bool broken() const { return broken_.load(); }
  void MarkBroken() { broken_.store(true); }
  void MarkWhole() { broken_.store(false); }

  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status* /*error*/) override {
    MarkBroken();
  }

  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status error,
                            bool* auto_recovery) override {
    error.PermitUncheckedError();
    *auto_recovery = false;
  }

 private:
  std::atomic<bool> broken_{false};
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_STORE_HEALTH_H_
