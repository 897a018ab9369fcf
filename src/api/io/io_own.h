// IoOwn<T>: a JavaScript object's hold on something that belongs to an event's IoContext.
//
// Owns      a share of a cell; the thing in the cell is owned by the context and goes with it.
// Lives     anywhere, on the collected heap too: letting go only sets the cell aside, and the
//           context frees what is in it at the end of the turn.
// Threads   the lane's.
// Errors    use from another event throws the documented cross-request error; use after the event
//           has ended throws an error saying so.
#pragma once

#include <kj/list.h>
#include <kj/refcount.h>

#include "src/js/error.h"

namespace ocapd::api {

class IoContext;

class IoCell : public kj::Refcounted {
 public:
  virtual ~IoCell() noexcept(false) {}

  IoContext* context = nullptr;  // null once the context has ended
  kj::Own<IoCell> self;          // the context's share, while it is in one of the context's lists
  kj::ListLink<IoCell> link;

 protected:
  // Destroys the thing, keeps the cell.
  virtual void drop() = 0;
  friend class IoContext;
};

// JavaScript has let go of `cell`: its context, if it is still there, will free it.
void abandon(IoCell& cell);

// Throws unless `cell` belongs to `current`.
void requireSameContext(const IoCell& cell, const IoContext& current);

template <typename T>
class IoOwn {
 public:
  struct Cell final : public IoCell {
    explicit Cell(kj::Own<T> value) : value(kj::mv(value)) {}
    void drop() override { value = nullptr; }
    kj::Own<T> value;
  };

  IoOwn() = default;
  explicit IoOwn(kj::Own<Cell> cell) : cell_(kj::mv(cell)) {}
  IoOwn(IoOwn&&) = default;
  IoOwn& operator=(IoOwn&& other) {
    release();
    cell_ = kj::mv(other.cell_);
    return *this;
  }
  ~IoOwn() noexcept(false) { release(); }

  bool empty() const { return cell_.get() == nullptr; }

  // Null once it has ended. For what must reach the event from outside of its turns.
  IoContext* owner() const { return cell_->context; }

  T& get(const IoContext& current) {
    requireSameContext(*cell_, current);
    return *cell_->value;
  }
  // Moves the thing out of the context's care into the caller's.
  kj::Own<T> take(const IoContext& current) {
    requireSameContext(*cell_, current);
    auto value = kj::mv(cell_->value);
    release();
    return value;
  }

 private:
  void release() {
    if (cell_.get() == nullptr) return;
    abandon(*cell_);
    cell_ = nullptr;
  }

  kj::Own<Cell> cell_;
};

}  // namespace ocapd::api
