import ArgumentParser
import Dispatch
import OCI
import Printable
import RegistryServer
import Synchronization

/// The log of a server on standard error, written on a thread of its own, so that nobody waits for who reads it.
final class ServeLog: Sendable {
    /// How lines are written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    private let format: Format
    /// Whether requests that only read are logged, too.
    private let hasAll: Bool
    private let queue = DispatchQueue(label: "bindery.log")
    private let state = Mutex((waiting: 0, lost: 0))

    /// Lines that may wait to be written.
    private static let most = 10_000
    /// How long the end waits for them, in seconds.
    private static let patience = 5

    init(_ format: Format, hasAll: Bool) { (self.format, self.hasAll) = (format, hasAll) }

    /// Writes a line, if it is one that is wanted.
    func write(_ line: LogLine) {
        if case .request(let request) = line, !request.isWrite, !hasAll || request.isProbe { return }
        let isTaken = state.withLock { state in
            guard state.waiting < Self.most else {
                state.lost += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard isTaken else { return }
        let time = StoreOptionGroup.now.rfc3339
        queue.async {
            let lost = self.state.withLock { state in
                defer { state.lost = 0 }
                state.waiting -= 1
                return state.lost
            }
            self.print(line, time)
            if lost > 0 { self.print(.lost(lost), time) }
        }
    }

    /// Waits a while until all is written.
    func finish() {
        let isDone = DispatchSemaphore(value: 0)
        queue.async { isDone.signal() }
        _ = isDone.wait(timeout: .now() + .seconds(Self.patience))
    }

    private func print(_ line: LogLine, _ time: String) {
        switch format {
        case .text: if case .warning = line { Output.note("bindery: " + line.text) } else { Output.error(line.text) }
        case .json: Output.log(line.json(at: time))
        }
    }
}
