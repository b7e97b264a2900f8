import NIOCore
import NIOPosix

/// Takes the content of one request where it is to go, no faster than that place takes it.
///
/// Lives on the connection's event loop; what blocks runs on the pool, one call after the other.
final class ContentFlow {
    /// What the flow tells the connection.
    struct Events {
        /// The content has a place to go: a client that waits for that may send it.
        let isAwaited: () -> Void
        /// The answer; `isEarly` before the content has come to its end.
        let answer: (Answer, _ isEarly: Bool) -> Void
        /// There is room again, and whoever holds reads back may go on.
        let hasRoom: () -> Void
        /// The server stops.
        let stops: () -> Void
    }

    private enum Place {
        case unknown
        case answered(Answer)
        case document(limit: Int, tooLarge: Answer, isSlow: Bool, answer: @Sendable ([UInt8]) -> Answer)
        case sink(any ContentSink)
        case over
    }

    private let loop: any EventLoop
    private let pool: NIOThreadPool
    /// For answers that take long, so that others don't wait for a thread.
    private let slowPool: NIOThreadPool
    private let budget: ContentBudget
    private let events: Events
    /// The request whose content it is, for what runs on the pool.
    private let exchange: Exchange?
    /// What a document has of the budget, in bytes.
    private var taken = 0
    private var place = Place.unknown
    private var queue: [ByteBuffer] = []
    private var queued = 0
    private var isBusy = true
    private var hasEnded = false

    /// What may wait for the disk, in bytes.
    private static let room = 256 << 10

    init(
        on loop: any EventLoop,
        _ pool: NIOThreadPool,
        slow slowPool: NIOThreadPool,
        _ budget: ContentBudget,
        _ exchange: Exchange?,
        _ events: Events
    ) {
        (self.loop, self.pool, self.slowPool, self.budget, self.events) = (loop, pool, slowPool, budget, events)
        self.exchange = exchange
    }

    deinit { budget.give(taken) }

    /// Asks where the content goes.
    func start(_ intake: @escaping @Sendable () -> Intake, answersEarly: Bool) {
        run(intake) { intake in
            if case .over = self.place {
                switch intake {
                case .answered, .document: return
                case .upload(let sink): return self.abandon(sink)
                case .file(let sink): return self.abandon(sink)
                }
            }
            switch intake {
            case .answered(let answer):
                self.place = .answered(answer)
                if answersEarly, !self.hasEnded { return self.finish(answer) }
            case .document(let limit, let tooLarge, let isSlow, let answer):
                self.place = .document(limit: limit, tooLarge: tooLarge, isSlow: isSlow, answer: answer)
                self.events.isAwaited()
            case .upload(let sink):
                self.place = .sink(sink)
                self.events.isAwaited()
            case .file(let sink):
                self.place = .sink(sink)
                self.events.isAwaited()
            }
            self.events.hasRoom()
            self.goOn()
        }
    }

    /// Whether no more should be read for now.
    var isFull: Bool {
        // A document has a limit of its own.
        if case .document = place { false } else { queued >= Self.room }
    }

    /// The next piece has come.
    func add(_ bytes: ByteBuffer) {
        switch place {
        case .over, .answered: return
        case .unknown, .document, .sink: break
        }
        queue.append(bytes)
        queued += bytes.readableBytes
        goOn()
    }

    /// The content has come to its end.
    func end() {
        hasEnded = true
        goOn()
    }

    /// The connection has ended; what is on its way to the disk gets there.
    func abandon() {
        let place = place
        self.place = .over
        guard case .sink(let sink) = place, !isBusy else { return }
        abandon(sink)
    }

    private func abandon(_ sink: any ContentSink) {
        run {
            sink.abandon()
        } then: {
        }
    }

    private func goOn() {
        guard !isBusy else { return }
        switch place {
        case .unknown, .over: return
        case .answered(let answer):
            drop()
            if hasEnded { finish(answer) }
        case .document(let limit, let tooLarge, let isSlow, let answer):
            if queued > limit { return finish(tooLarge) }
            guard budget.take(queued - taken) else { return finish(Answer(RegistryProblem.tooManyDocuments)) }
            taken = queued
            guard hasEnded else { return }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(queued)
            for piece in queue { bytes += piece.readableBytesView }
            drop()
            let document = bytes
            guard isSlow else {
                return run {
                    answer(document)
                } then: {
                    self.finish($0)
                }
            }
            guard budget.enter() else { return finish(Answer(RegistryProblem.tooManyDocuments)) }
            run(on: slowPool) { [budget] in
                defer { budget.leave() }
                return answer(document)
            } then: {
                self.finish($0)
            }
        case .sink(let sink):
            guard queue.isEmpty else { return write(to: sink) }
            guard hasEnded else { return }
            guard sink.isSlow else {
                return run {
                    sink.finish()
                } then: {
                    self.finish($0)
                }
            }
            guard budget.enter() else { return finish(Answer(RegistryProblem.tooManyDocuments)) }
            run(on: slowPool) { [budget] in
                defer { budget.leave() }
                return sink.finish()
            } then: {
                self.finish($0)
            }
        }
    }

    private func write(to sink: any ContentSink) {
        let pieces = queue
        queue = []
        run { () -> Answer? in
            for piece in pieces {
                if let failure = piece.withUnsafeReadableBytes({ sink.write($0) }) { return failure }
            }
            return nil
        } then: { failure in
            self.queued = self.queue.reduce(0) { $0 + $1.readableBytes }
            if case .over = self.place {
                return self.abandon(sink)
            }
            if let failure { return self.finish(failure) }
            self.events.hasRoom()
            self.goOn()
        }
    }

    private func drop() {
        queue = []
        queued = 0
    }

    private func finish(_ answer: Answer) {
        if case .over = place { return }
        place = .over
        drop()
        events.answer(answer, !hasEnded)
    }

    private func run<Value: Sendable>(
        on other: NIOThreadPool? = nil,
        _ body: @escaping @Sendable () -> Value,
        then: @escaping (Value) -> Void
    ) {
        isBusy = true
        let result = (other ?? pool).runIfActive(eventLoop: loop) { [exchange] in
            Exchange.$current.withValue(exchange) { body() }
        }
        result.assumeIsolated().whenComplete { result in
            self.isBusy = false
            switch result {
            case .success(let value): then(value)
            case .failure: self.events.stops()
            }
        }
    }
}
