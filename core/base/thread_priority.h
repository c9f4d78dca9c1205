#ifndef RIDGELINE_CORE_BASE_THREAD_PRIORITY_H_
#define RIDGELINE_CORE_BASE_THREAD_PRIORITY_H_

namespace ridgeline {

/// Gives the calling thread, and those it starts, the lowest ordinary priority (nice 19), for good: the
/// system lets only a privileged process raise it again. The idle scheduling class would not do: a busy
/// machine would never finish a training. A refusal leaves the thread as it was: slower serving, never a
/// wrong answer.
void LowerThreadPriority();

/// To be called often by loops that may run at the lowest priority: every 50 microseconds it lets others have
/// the processor, less often where they never leave it. A thread of any other priority goes on at once.
/// Returns whether it gave way.
///
/// Linux from 6.6 on lets a running thread finish its slice, some milliseconds, before one of higher priority
/// that woke up gets its turn, unless it yields: without this most of the tail of answers beside a training
/// would be such waiting.
bool GiveWay();

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_THREAD_PRIORITY_H_
