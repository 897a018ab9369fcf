#include "src/api/forms/form_data.h"

#include <ada.h>
#include <v8-container.h>

#include "src/api/forms/multipart.h"

namespace ocapd::api {

namespace {

constexpr kj::StringPtr kMultipart = "multipart/form-data"_kj;
constexpr kj::StringPtr kUrlEncoded = "application/x-www-form-urlencoded"_kj;

}  // namespace

bool FormData::canParse(const MimeType& type) {
  return type.essence == kMultipart || type.essence == kUrlEncoded;
}

// https://fetch.spec.whatwg.org/#dom-body-formdata
FormData* FormData::parse(js::Turn& turn, kj::ArrayPtr<const kj::byte> body, const MimeType& type) {
  auto* form = turn.make<FormData>();
  if (type.essence == kUrlEncoded) {
    // The question mark is ada's to remove: one in the body belongs to a name.
    std::string query = "?";
    query.append(body.asChars().begin(), body.size());
    for (auto& [name, value] : ada::url_search_params(query)) {
      form->addEntry(kj::heapString(name.data(), name.size())).text =
          kj::heapString(value.data(), value.size());
    }
    return form;
  }
  KJ_IF_MAYBE(boundary, type.parameter("boundary")) {
    for (auto& part : parseMultipart(body, *boundary)) {
      auto& entry = form->addEntry(kj::mv(part.name));
      KJ_IF_MAYBE(filename, part.filename) {
        auto bytes = kj::refcounted<SharedBytes>(kj::heapArray<kj::byte>(part.content));
        entry.file = File::make(turn, kj::mv(bytes), kj::mv(*filename), kj::mv(part.contentType));
      } else {
        entry.text = kj::heapString(part.content.asChars());
      }
    }
    return form;
  }
  // Text pinned by the reference.
  throw js::Error::type(
      "No boundary string in Content-Type header. The multipart/form-data MIME type requires a "
      "boundary parameter, e.g. 'Content-Type: multipart/form-data; boundary=\"abcd\"'. See RFC "
      "7578, section 4.");
}

FormData::Encoded FormData::encode() const {
  MultipartWriter writer;
  for (auto& entry : entries_) {
    if (entry.file) {
      writer.addFile(entry.name, entry.file->name(), entry.file->type(), entry.file->content());
    } else {
      writer.addText(entry.name, entry.text);
    }
  }
  auto type = kj::str(kMultipart, "; boundary=", writer.boundary());
  return {writer.finish(), kj::mv(type)};
}

FormData* FormData::create(js::Turn& turn) {
  return turn.make<FormData>();
}

FormData::Entry& FormData::addEntry(kj::String name) {
  // Members are assigned afterwards: their constructors have no write barrier.
  auto& entry = entries_.emplace_back();
  entry.name = kj::mv(name);
  return entry;
}

// Differs: a Blob without file name is called what its entry is, as in the reference.
void FormData::fill(js::Turn& turn, Entry& entry, FormValue value, kj::Maybe<kj::String> filename) {
  KJ_SWITCH_ONEOF(value.value) {
    KJ_CASE_ONEOF(text, kj::String) {
      entry.text = kj::mv(text);
      entry.file = nullptr;
    }
    KJ_CASE_ONEOF(blob, Blob*) {
      File* file = nullptr;
      if (&blob->jsClass() == &File::kClass) file = static_cast<File*>(blob);
      KJ_IF_MAYBE(name, filename) {
        file = File::make(turn, blob->share(), kj::mv(*name), kj::str(blob->type()));
      } else if (file == nullptr) {
        file = File::make(turn, blob->share(), kj::str(entry.name), kj::str(blob->type()));
      }
      entry.file = file;
      entry.text = nullptr;
    }
  }
}

void FormData::append(js::Turn& turn, kj::String name, FormValue value,
                      kj::Maybe<kj::String> filename) {
  fill(turn, addEntry(kj::mv(name)), kj::mv(value), kj::mv(filename));
}

void FormData::remove(kj::String name) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.name == name; });
}

v8::Local<v8::Value> FormData::valueOf(js::Turn& turn, const Entry& entry) {
  if (entry.file) return turn.wrap(*entry.file);
  return turn.string(entry.text);
}

v8::Local<v8::Value> FormData::get(js::Turn& turn, kj::String name) {
  for (auto& entry : entries_) {
    if (entry.name == name) return valueOf(turn, entry);
  }
  return v8::Null(turn.v8);
}

v8::Local<v8::Value> FormData::getAll(js::Turn& turn, kj::String name) {
  v8::LocalVector<v8::Value> found(turn.v8);
  for (auto& entry : entries_) {
    if (entry.name == name) found.push_back(valueOf(turn, entry));
  }
  return v8::Array::New(turn.v8, found.data(), found.size());
}

bool FormData::has(kj::String name) {
  for (auto& entry : entries_) {
    if (entry.name == name) return true;
  }
  return false;
}

// https://xhr.spec.whatwg.org/#concept-formdata-set
void FormData::set(js::Turn& turn, kj::String name, FormValue value,
                   kj::Maybe<kj::String> filename) {
  size_t at = 0;
  while (at < entries_.size() && entries_[at].name != name) ++at;
  if (at == entries_.size()) return append(turn, kj::mv(name), kj::mv(value), kj::mv(filename));
  auto rest = std::remove_if(entries_.begin() + ptrdiff_t(at) + 1, entries_.end(),
                             [&](const Entry& entry) { return entry.name == name; });
  entries_.erase(rest, entries_.end());
  fill(turn, entries_[at], kj::mv(value), kj::mv(filename));
}

// ---- iteration ----

kj::Maybe<js::Pair> FormData::pairAt(js::Turn& turn, size_t index) {
  if (index >= entries_.size()) return nullptr;
  auto& entry = entries_[index];
  return js::Pair{turn.string(entry.name), valueOf(turn, entry)};
}

FormData::Iterator* FormData::entries(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Entries);
}

FormData::Iterator* FormData::keys(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Keys);
}

FormData::Iterator* FormData::values(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Values);
}

void FormData::forEach(js::Turn& turn, v8::Local<v8::Function> callback,
                       v8::Local<v8::Value> thisValue) {
  js::forEachPair(turn, *this, callback, thisValue);
}

void FormData::preview(js::Turn& turn, js::Preview& preview) {
  preview.isMapLike = true;
  for (auto& entry : entries_) {
    preview.entries.push_back(turn.string(entry.name));
    preview.entries.push_back(valueOf(turn, entry));
  }
}

void FormData::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  for (auto& entry : entries_) visitor->Trace(entry.file);
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&FormData::create>(),
    js::method<&FormData::append>("append"),
    js::method<&FormData::remove>("delete"),
    js::method<&FormData::get>("get"),
    js::method<&FormData::getAll>("getAll"),
    js::method<&FormData::has>("has"),
    js::method<&FormData::set>("set"),
    js::method<&FormData::entries>("entries").alsoAs(js::Symbol::Iterator),
    js::method<&FormData::keys>("keys"),
    js::method<&FormData::values>("values"),
    js::method<&FormData::forEach>("forEach"),
};

}  // namespace

constinit const js::Class FormData::kClass{
    .name = kClassName,
    .spec = "https://xhr.spec.whatwg.org/#interface-formdata",
    .members = kMembers,
};

}  // namespace ocapd::api
