#include "server/queue/admission.h"

namespace ridgeline {

bool Admission::TryEnter(size_t bytes) {
  MutexLock lock(&mutex_);
  if (calls_ == 0) last_empty_ = now_();
  if (calls_ >= CallLimit() || bytes_ + bytes > limits_.bytes) return false;
  ++calls_;
  bytes_ += bytes;
  return true;
}

void Admission::Leave(size_t bytes) {
  MutexLock lock(&mutex_);
  --calls_;
  bytes_ -= bytes;
}

size_t Admission::waiting() const {
  MutexLock lock(&mutex_);
  return calls_;
}

size_t Admission::CallLimit() const {
  // The time matters to those alone who would make a long queue longer.
  if (calls_ < limits_.standing_calls || now_() - last_empty_ <= limits_.patience) return limits_.calls;
  return limits_.standing_calls;
}

}  // namespace ridgeline
