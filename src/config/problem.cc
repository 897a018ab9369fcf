#include "problem.h"

namespace ocapd::config {

kj::String Problem::toString() const {
  KJ_IF_MAYBE(at, position) {
    if (at->line == 0) return kj::str(at->file, ": ", message);
    if (at->column == 0) return kj::str(at->file, ':', at->line, ": ", message);
    if (at->endColumn <= at->column) {
      return kj::str(at->file, ':', at->line, ':', at->column, ": ", message);
    }
    return kj::str(at->file, ':', at->line, ':', at->column, '-', at->endColumn, ": ", message);
  }
  return kj::str(message);
}

kj::Maybe<Position> Problems::positionOf(const Place& place) {
  KJ_IF_MAYBE(locator, locator_) return locator->locate(place);
  return nullptr;
}

void Problems::error(const Place& place, kj::String message) {
  if (errors_.size() > kProblemsMax) return;
  add(errors_, positionOf(place), kj::mv(message));
}

void Problems::warning(const Place& place, kj::String message) {
  if (warnings_.size() > kProblemsMax) return;
  add(warnings_, positionOf(place), kj::mv(message));
}

void Problems::error(kj::Maybe<Position> position, kj::String message) {
  add(errors_, kj::mv(position), kj::mv(message));
}

void Problems::add(
    kj::Vector<Problem>& list, kj::Maybe<Position> position, kj::String message) {
  if (list.size() < kProblemsMax) {
    list.add(Problem{kj::mv(position), kj::mv(message)});
  } else if (list.size() == kProblemsMax) {
    list.add(Problem{nullptr, kj::str("There is more, but only the first ", kProblemsMax,
                                      " problems are shown.")});
  }
}

}  // namespace ocapd::config
