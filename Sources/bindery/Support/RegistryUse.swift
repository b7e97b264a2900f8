import ImageTransport
import OCI
import Printable
import Synchronization

/// Whether a call talked to a registry, so that options for registries had an effect.
enum RegistryUse {
    private struct State {
        var given: [String] = []
        var isUsed = false
    }

    private static let state = Mutex(State())

    /// Notes which options for registries a call has.
    static func note(given options: [String]) { state.withLock { $0.given = options } }

    fileprivate static func noteUse() { state.withLock { $0.isUsed = true } }

    /// Warns of options that had no effect, once the command is done.
    static func warn() {
        let (options, isUsed) = state.withLock { ($0.given, $0.isUsed) }
        guard !isUsed else { return }
        for option in options { Output.warning("\(option) has no effect: no registry (docker://) was asked") }
    }
}

/// Registries whose use is noted.
struct NotedRegistries: RegistryAccess {
    let registries: any RegistryAccess

    func source(_ reference: String) throws(TransportError) -> any ImageSource {
        RegistryUse.noteUse()
        return try registries.source(reference)
    }

    func destination(_ reference: String, name: ImageReference?) throws(TransportError) -> any ImageDestination {
        RegistryUse.noteUse()
        return try registries.destination(reference, name: name)
    }

    var enginePatience: Patience { registries.enginePatience }
}
