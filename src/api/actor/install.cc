#include "src/api/actor/install.h"

#include "src/api/actor/durable_object_class.h"
#include "src/api/actor/durable_object_facets.h"
#include "src/api/actor/durable_object_namespace.h"
#include "src/api/actor/durable_object_state.h"
#include "src/api/actor/durable_object_storage.h"
#include "src/api/actor/socket_methods.h"
#include "src/api/actor/sql_storage.h"
#include "src/api/actor/sync_kv_storage.h"
#include "src/api/actor/unsafe_module.h"

namespace ocapd::api {

void installActors(js::GlobalBuilder& global) {
  global.add(DurableObjectId::kClass)
      .add(DurableObjectStub::kClass)
      .add(DurableObjectNamespace::kClass)
      .add(ColoLocalActorNamespace::kClass)
      .add(DurableObjectClass::kClass)
      .add(LoopbackDurableObjectClass::kClass)
      .add(LoopbackDurableObjectNamespace::kClass)
      .add(LoopbackColoLocalActorNamespace::kClass)
      .add(WebSocketRequestResponsePair::kClass)
      .add(DurableObjectFacets::kClass)
      .add(DurableObjectState::kClass)
      .add(DurableObjectStorage::kClass)
      .add(DurableObjectTransaction::kClass)
      .add(SyncKvStorage::kClass)
      .add(SyncKvStorage::ListIterator::kClass)
      .add(SqlStorage::kClass)
      .add(SqlStatement::kClass)
      .add(SqlCursor::kClass)
      .add(SqlCursor::Rows::kClass)
      .add(SqlCursor::RawRows::kClass)
      .add(UnsafeModule::kClass);
}

}  // namespace ocapd::api
