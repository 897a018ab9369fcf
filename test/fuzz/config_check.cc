#include "config_check.h"

#include <kj/debug.h>

namespace ocapd::fuzz {
namespace {

// Reads every byte, so that AddressSanitizer sees what points to where nothing is any more.
template <typename T>
void touch(const T& bytes) {
  volatile unsigned sum = 0;
  for (auto each : bytes) sum = sum + static_cast<unsigned char>(each);
}

void checkProblems(kj::ArrayPtr<const config::Problem> problems) {
  for (const auto& problem : problems) {
    auto line = problem.toString();
    KJ_ASSERT(line.size() > 0 && line.findFirst('\n') == nullptr, line);
    KJ_IF_MAYBE(position, problem.position) {
      KJ_ASSERT(position->file.size() > 0, line);
    }
  }
}

void checkRef(const config::Plan& plan, const config::ServiceRef& ref) {
  KJ_ASSERT(ref.service < plan.services.size());
  KJ_IF_MAYBE(entrypoint, ref.entrypoint) touch(*entrypoint);
  KJ_IF_MAYBE(props, ref.propsJson) touch(*props);
}

void checkWorker(const config::Plan& plan, const config::WorkerService& worker) {
  KJ_ASSERT(worker.modules.size() > 0);
  touch(worker.compatibilityDate);
  for (const auto& module : worker.modules) {
    touch(module.name);
    touch(module.content);
    for (auto name : module.namedExports) touch(name);
  }
  for (const auto& binding : worker.bindings) {
    touch(binding.name);
    KJ_SWITCH_ONEOF(binding.value) {
      KJ_CASE_ONEOF(text, config::Binding::TextValue) {
        touch(text.text);
      }
      KJ_CASE_ONEOF(data, config::Binding::DataValue) {
        touch(data.data);
      }
      KJ_CASE_ONEOF(json, config::Binding::JsonValue) {
        touch(json.json);
      }
      KJ_CASE_ONEOF(variable, config::Binding::FromEnvironment) {
        touch(variable.variable);
      }
      KJ_CASE_ONEOF(service, config::Binding::Service) {
        checkRef(plan, service.ref);
      }
    }
  }
  checkRef(plan, worker.globalOutbound);
  KJ_IF_MAYBE(outbound, worker.cacheApiOutbound) checkRef(plan, *outbound);
}

void checkPlan(const config::Plan& plan) {
  for (const auto& service : plan.services) {
    touch(service.name);
    KJ_SWITCH_ONEOF(service.kind) {
      KJ_CASE_ONEOF(worker, config::WorkerService) {
        checkWorker(plan, worker);
      }
      KJ_CASE_ONEOF(network, config::NetworkService) {
        for (auto entry : network.allow) touch(entry);
        for (auto entry : network.deny) touch(entry);
      }
      KJ_CASE_ONEOF(external, config::ExternalService) {
        KJ_ASSERT(external.address.size() > 0);
        touch(external.address);
      }
      KJ_CASE_ONEOF(disk, config::DiskService) {
        KJ_ASSERT(disk.path.size() > 0);
        touch(disk.path);
      }
    }
  }
  for (const auto& socket : plan.sockets) {
    touch(socket.name);
    checkRef(plan, socket.service);
    KJ_ASSERT(socket.addressOrFd != nullptr && socket.protocol != nullptr);
  }
}

}  // namespace

void checkLoadResult(const config::LoadResult& result) {
  KJ_ASSERT((result.plan != nullptr) == (result.errors.size() == 0));
  checkProblems(result.errors);
  checkProblems(result.warnings);
  KJ_IF_MAYBE(plan, result.plan) checkPlan(*plan);
}

}  // namespace ocapd::fuzz
