import ImageTransport
import OCI
import Printable
import Synchronization

/// Whether a call talked to a registry or an engine, so that options for them had an effect.
enum RegistryUse {
    private struct State {
        var given: [String] = []
        var hasTimeout = false
        var isUsed = false
        var isEngineUsed = false
    }

    private static let state = Mutex(State())

    /// Records which options for registries a call has, and whether it has the one that engines have, too.
    static func record(given options: [String], timeout: Bool) {
        state.withLock { ($0.given, $0.hasTimeout) = (options, timeout) }
    }

    static func recordUse() { state.withLock { $0.isUsed = true } }

    fileprivate static func recordEngine() { state.withLock { $0.isEngineUsed = true } }

    /// Warns of options that had no effect, once the command is done.
    static func warn() {
        let state = state.withLock(\.self)
        guard !state.isUsed else { return }
        for option in state.given { Output.warning("\(option) has no effect: no registry (docker://) was asked") }
        guard state.hasTimeout, !state.isEngineUsed else { return }
        Output.warning("--timeout has no effect: neither a registry (docker://) nor an engine was asked")
    }
}

/// Registries whose use is recorded.
struct RecordedRegistries: RegistryAccess {
    let registries: any RegistryAccess

    func source(_ reference: String) throws(TransportError) -> any ImageSource {
        RegistryUse.recordUse()
        return try registries.source(reference)
    }

    func destination(_ reference: String, name: ImageReference?) throws(TransportError) -> any ImageDestination {
        RegistryUse.recordUse()
        return try registries.destination(reference, name: name)
    }

    var enginePatience: Patience {
        RegistryUse.recordEngine()
        return registries.enginePatience
    }

    func warn(_ text: String) { registries.warn(text) }
}
