#ifndef RIDGELINE_SERVER_OPEN_STREAMS_H_
#define RIDGELINE_SERVER_OPEN_STREAMS_H_

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "core/base/mutex.h"

namespace ridgeline {

/// A call that lasts as long as its client likes. Thread-safe.
class OpenStream {
 public:
  virtual ~OpenStream() = default;

  /// Ends the call soon with kUnavailable, since the server shuts down. Must not block.
  virtual void Close() = 0;
};

/// The streams that a shutdown must not wait for. Thread-safe.
class OpenStreams {
 public:
  /// Counts `stream` in, until Remove. After CloseAll it is closed at once.
  void Add(std::shared_ptr<OpenStream> stream);

  /// A Close may still be under way; nothing happens if it was not added.
  void Remove(const OpenStream* stream);

  /// Closes every stream, also those to come.
  void CloseAll();

 private:
  using Streams = absl::flat_hash_map<const OpenStream*, std::shared_ptr<OpenStream>>;

  Mutex mutex_;
  Streams streams_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_OPEN_STREAMS_H_
