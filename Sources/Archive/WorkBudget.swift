import Synchronization

/// What reading something from outside may cost, counted wherever the work is done; any number of threads may share
/// one.
package final class WorkBudget: Sendable {
    /// What there is so much of.
    package enum Resource: Int, Sendable, CaseIterable {
        /// Uncompressed bytes, holes of sparse files included.
        case bytes
        /// Steps in trees of files: names walked, links followed, entries visited. A step takes about 100 ns.
        case steps
        /// Bytes of memory for names and what is remembered of them.
        case memory
        /// Bytes that are unpacked before anything is read of them: of compressed archives, and of layers to know their
        /// size.
        case unpacked
        /// Bytes that come out of a slow decompressor, whoever reads them.
        case slow
        /// Bytes that come from a stream or a directory, and are copied to disk before anything is read of them.
        case copied
        /// Seconds, where the work has to be done by a time.
        case time
    }

    /// A resource that has come to its end.
    package struct Spent: Error, Equatable, Sendable, CustomStringConvertible {
        /// Which.
        package let resource: Resource
        /// How much there was of it.
        package let limit: Int64

        /// One line for a person.
        package var description: String {
            switch resource {
            case .bytes: "\(limit) uncompressed bytes were read, and more were to come"
            case .steps: "\(limit) steps were spent on its tree of files, and more were to come"
            case .memory: "its names take more than \(limit) bytes of memory"
            case .unpacked: "\(limit) bytes were unpacked to look into it, and more were to come"
            case .slow: "\(limit) bytes were decompressed by bzip2 or xz, and more were to come"
            case .copied: "\(limit) bytes were copied to look into it, and more were to come"
            case .time: "\(limit) s were spent, and more was to be read"
            }
        }
    }

    private struct State {
        var used = [Int64](repeating: 0, count: Resource.allCases.count)
        var earned: Int64 = 0
        var isEarning = true
        var spent: Resource?
    }

    private let state = Mutex(State())
    private let bytes: Int64
    private let isFixed: Bool
    private let steps: Int64
    private let memory: Int64
    private let time: (seconds: Int64, end: ContinuousClock.Instant)?

    /// Uncompressed bytes for each compressed one, beside ``basicBytes``.
    package static let ratio: Int64 = 200
    /// Uncompressed bytes that are read however small the compressed ones are.
    package static let basicBytes: Int64 = 2 << 30
    // An image below 1 MB ends within 5 s and 256 MB by these.
    private static let basicSteps: Int64 = 8 << 20
    private static let basicMemory: Int64 = 24 << 20
    private static let stepRatio: Int64 = 8
    private static let memoryRatio: Int64 = 32
    // Bzip2 and xz give less than half as many zeros in a second as the others.
    private static let basicSlow: Int64 = 256 << 20
    // What isn't compressed can't be a bomb.
    private static let basicCopied: Int64 = 32 << 30
    // An archive's headers, padding and documents, beside its layers.
    private static let archiveOverhead: Int64 = 1 << 20

    /// A budget of so many uncompressed bytes; nil is 2 GiB and 200 for each compressed byte that is read.
    ///
    /// Steps and memory grow with it. With `seconds` everything comes to its end when so many have passed from now.
    package init(bytes: Int64? = nil, seconds: Int64? = nil) {
        time = seconds.map { ($0, ContinuousClock.now + .seconds($0)) }
        isFixed = bytes != nil
        self.bytes = max(0, bytes ?? Self.basicBytes)
        steps = max(Self.basicSteps, (bytes ?? 0) / 128)
        memory = max(Self.basicMemory, (bytes ?? 0) / 16)
    }

    /// Compressed bytes were read.
    package func earn(_ count: Int64) {
        state.withLock { state in
            if state.isEarning { state.earned = min(state.earned + count, 1 << 50) }
        }
    }

    /// What is read from now on lies in bytes that have earned already, such as an archive's.
    package func stopEarning() {
        state.withLock { $0.isEarning = false }
    }

    /// Counts work; throws when there is no more of the resource, now and at each further call.
    package func take(_ count: Int64, _ resource: Resource) throws(Spent) {
        let spent: Spent? = state.withLock { state in
            let used = Self.sum(state.used[resource.rawValue], count)
            state.used[resource.rawValue] = used
            if state.spent == nil, used > limit(resource, state.earned) { state.spent = resource }
            if state.spent == nil, let time, ContinuousClock.now >= time.end { state.spent = .time }
            return state.spent.map { Spent(resource: $0, limit: limit($0, state.earned)) }
        }
        if let spent { throw spent }
    }

    /// Lets everything come to its end now, as when its time is over.
    package func end() {
        state.withLock { if $0.spent == nil { $0.spent = .time } }
    }

    /// Gives memory back.
    package func free(_ count: Int64) {
        let memory = Resource.memory.rawValue
        state.withLock { $0.used[memory] = max(0, $0.used[memory] - count) }
    }

    /// What has come to its end; nil while nothing has.
    package var spent: Spent? {
        state.withLock { state in state.spent.map { Spent(resource: $0, limit: limit($0, state.earned)) } }
    }

    private func limit(_ resource: Resource, _ earned: Int64) -> Int64 {
        switch resource {
        case .bytes: earnedBytes(earned)
        case .steps: steps + earned * Self.stepRatio
        case .memory: memory + earned * Self.memoryRatio
        case .unpacked: isFixed ? fixedArchive : earnedBytes(earned)
        case .slow: isFixed ? fixedArchive : Self.basicSlow + earned * Self.ratio
        case .copied: isFixed ? fixedArchive : Self.basicCopied
        case .time: time?.seconds ?? .max
        }
    }

    private func earnedBytes(_ earned: Int64) -> Int64 { isFixed ? bytes : bytes + earned * Self.ratio }

    // An archive whose layers have so many bytes.
    private var fixedArchive: Int64 { Self.sum(bytes, bytes / 8 + Self.archiveOverhead) }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isOver) = left.addingReportingOverflow(right)
        return isOver ? .max : sum
    }
}
