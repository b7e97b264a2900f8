import AsyncHTTPClient
import ImageTransport
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import SystemIO

/// One request and its answer, between the event loop, which calls the delegate's functions, and the one thread that
/// waits for them.
///
/// Both ways are bounded: the event loop stops reading from the connection while ``largestQueue`` bytes wait to be
/// read, and the thread stops producing while that many wait to be sent.
final class Exchange: HTTPClientResponseDelegate {
    typealias Response = Void

    /// Enough to keep connection and reader busy at once, in bytes.
    static let largestQueue = 1 << 20
    /// What is handed to the connection at once, in bytes.
    static let pieceSize = 256 << 10

    struct State {
        var head: HTTPResponseHead?
        var parts: CircularBuffer<ByteBuffer> = []
        var queued = 0
        // The event loop goes on reading when it is kept.
        var wantsMore: EventLoopPromise<Void>?
        var outcome: Result<Void, HTTPFailure>?
        var writer: HTTPClient.Body.StreamWriter?
        // Kept when everything has been written, or nothing more will be.
        var bodyEnd: EventLoopPromise<Void>?
        var unsent = 0
        // Bytes that the connection has taken.
        var sent = 0
        var sendFailed = false
    }

    let state = SharedValue(State())
    let patience: Patience
    private let task = SharedValue<HTTPClient.Task<Void>?>(nil)
    private let pace: Mutex<TransferPace>

    init(_ patience: Patience) {
        self.patience = patience
        pace = Mutex(TransferPace(window: patience.window))
    }

    /// Remembers what can be cancelled.
    func began(_ task: HTTPClient.Task<Void>) {
        self.task.update { $0 = task }
        // The client (1.37) tells its delegate nothing when an answer was whole before the request's body was ended: its
        // connection then refuses the end of the body, and only the task hears of that.
        task.futureResult.whenComplete { [state] result in
            state.update { state in
                guard state.outcome == nil else { return }
                switch result {
                case .success: state.outcome = .success(())
                case .failure(let error as HTTPClientError) where error == .requestStreamCancelled:
                    state.outcome = .success(())
                case .failure(let error): state.outcome = .failure(HTTPFailure(error))
                }
            }
        }
    }

    /// The answer's head.
    ///
    /// Interim answers (1xx) don't make the wait longer.
    func waitForHead() throws(HTTPFailure) -> HTTPResponseHead {
        let result = state.wait(atMost: patience.answer) { state -> Result<HTTPResponseHead, HTTPFailure>? in
            if let head = state.head { return .success(head) }
            switch state.outcome {
            case .failure(let failure): return .failure(failure)
            case .success: return .failure(.broken("the connection was closed without an answer"))
            case nil: return nil
            }
        }
        guard let result else { throw .slow("it is silent for \(TransferPace.words(patience.answer))") }
        return try result.get()
    }

    /// Reads bytes of the answer's body; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPFailure) -> Int {
        var more: EventLoopPromise<Void>?
        let start = Stopwatch.now()
        let rest = pace.withLock { $0.rest }
        let result = state.wait(atMost: rest) { state -> Result<Int, HTTPFailure>? in
            guard state.parts.isEmpty else {
                let count = state.parts[state.parts.startIndex].readBytes(into: buffer)
                if state.parts.first?.readableBytes == 0 { state.parts.removeFirst() }
                state.queued -= count
                if state.queued <= Self.largestQueue / 2 {
                    more = state.wantsMore
                    state.wantsMore = nil
                }
                return .success(count)
            }
            switch state.outcome {
            case .failure(let failure): return .failure(failure)
            case .success: return .success(0)
            case nil: return nil
            }
        }
        more?.succeed(())
        guard let count = try result?.get() else {
            throw .slow(pace.withLock { $0.description("sends") })
        }
        pace.withLock { $0.count(seconds: Stopwatch.now() - start, bytes: count) }
        return count
    }

    /// Ends the exchange, wherever it is.
    func close() {
        let (more, bodyEnd, isOver) = state.update { state in
            defer {
                state.wantsMore = nil
                state.bodyEnd = nil
                state.parts.removeAll()
            }
            return (state.wantsMore, state.bodyEnd, state.outcome != nil)
        }
        if !isOver { task.update { $0 }?.cancel() }
        bodyEnd?.fail(HTTPClientError.cancelled)
        more?.succeed(())
    }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.update { $0.head = head }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        guard buffer.readableBytes > 0 else { return task.eventLoop.makeSucceededVoidFuture() }
        let pause: EventLoopFuture<Void>? = state.update { state in
            state.parts.append(buffer)
            state.queued += buffer.readableBytes
            guard state.queued >= Self.largestQueue else { return nil }
            let promise = task.eventLoop.makePromise(of: Void.self)
            state.wantsMore = promise
            return promise.futureResult
        }
        return pause ?? task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
        let more = state.update { state in
            if state.outcome == nil { state.outcome = .failure(HTTPFailure(error)) }
            defer { state.wantsMore = nil }
            return state.wantsMore
        }
        more?.succeed(())
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) throws {
        state.update { state in
            if state.outcome == nil { state.outcome = .success(()) }
        }
    }
}

extension ByteBuffer {
    /// Takes bytes out.
    fileprivate mutating func readBytes(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        readWithUnsafeReadableBytes { bytes in
            let count = min(bytes.count, buffer.count)
            UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return count
        }
    }
}
