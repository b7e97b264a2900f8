import Dispatch
import Glibc
package import OCI

/// Does what keeps a store in order, each task again after a time, on a thread of its own.
package final class Schedule: Sendable {
    /// Something that is done again and again.
    package struct Task: Sendable {
        let name: String
        let milliseconds: Int64
        /// When it was last done, by this process or another one; nil for never.
        let last: @Sendable () throws -> Timestamp?
        /// Does it, and says what came of it.
        let run: @Sendable () throws -> String

        package init(
            name: String,
            every milliseconds: Int64,
            last: @escaping @Sendable () throws -> Timestamp?,
            run: @escaping @Sendable () throws -> String
        ) {
            (self.name, self.milliseconds, self.last, self.run) = (name, milliseconds, last, run)
        }
    }

    private let tasks: [Task]
    private let now: @Sendable () -> Timestamp
    private let log: @Sendable (LogLine) -> Void
    private let isStopping = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// How often is looked whether something is to be done, in milliseconds: others do it, too.
    private let pause: Int
    /// After what failed it is done again then, at the latest, in milliseconds.
    private static let retry: Int64 = 3_600_000
    /// How long the end waits for what is being done, in seconds; what is cut off does no harm.
    private static let patience = 30

    /// Begins at once with what is due, and looks again after each pause, in milliseconds.
    package init(
        _ tasks: [Task],
        pause: Int = 10_000,
        now: @escaping @Sendable () -> Timestamp,
        log: @escaping @Sendable (LogLine) -> Void
    ) {
        (self.tasks, self.pause, self.now, self.log) = (tasks, pause, now, log)
        guard !tasks.isEmpty else {
            hasEnded.signal()
            return
        }
        DispatchQueue(label: "bindery.schedule", qos: .background).async { self.run() }
    }

    private func run() {
        defer { hasEnded.signal() }
        // Clients come first.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        var due = [Int64](repeating: .min, count: tasks.count)
        repeat {
            for (place, task) in tasks.enumerated() {
                // Others may have done it meanwhile.
                due[place] = max(due[place], Self.due(task))
                guard due[place] <= now().milliseconds else { continue }
                do {
                    log(.upkeep(task: task.name, result: try task.run()))
                    due[place] = now().milliseconds + task.milliseconds
                } catch {
                    log(.failure("\(task.name): \(error)", request: nil))
                    due[place] = now().milliseconds + min(task.milliseconds, Self.retry)
                }
                guard isStopping.wait(timeout: .now()) == .timedOut else { return }
            }
        } while isStopping.wait(timeout: .now() + .milliseconds(pause)) == .timedOut
    }

    // In milliseconds since 1970; the least number where it was never done.
    private static func due(_ task: Task) -> Int64 {
        guard let last = try? task.last() else { return .min }
        return last.milliseconds + task.milliseconds
    }

    /// Does nothing more; waits for what is being done, for a while.
    package func stop() {
        isStopping.signal()
        _ = hasEnded.wait(timeout: .now() + .seconds(Self.patience))
    }
}
