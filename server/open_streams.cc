#include "server/open_streams.h"

#include <utility>

namespace ridgeline {

void OpenStreams::Add(std::shared_ptr<OpenStream> stream) {
  {
    MutexLock lock(&mutex_);
    if (!closed_) {
      const OpenStream* key = stream.get();
      streams_[key] = std::move(stream);
      return;
    }
  }
  stream->Close();
}

void OpenStreams::Remove(const OpenStream* stream) {
  // Its destructor may come back to us: not under the lock.
  std::shared_ptr<OpenStream> removed;
  MutexLock lock(&mutex_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  removed = std::move(found->second);
  streams_.erase(found);
}

void OpenStreams::CloseAll() {
  Streams streams;
  {
    MutexLock lock(&mutex_);
    closed_ = true;
    streams.swap(streams_);
  }
  for (const auto& [key, stream] : streams) stream->Close();
}

}  // namespace ridgeline
