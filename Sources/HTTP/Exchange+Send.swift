import AsyncHTTPClient
import ImageTransport
import NIOCore
import NIOHTTP1
import NIOPosix
import SystemIO

extension Exchange {
    /// A request body that is filled by ``send(_:count:)``.
    func body(count: Int64) -> HTTPClient.Body {
        .stream(contentLength: count) { [state] writer in
            // Not one of the connection's: the client takes a future of any loop.
            let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
            state.update { state in
                state.writer = writer
                state.bodyEnd = promise
            }
            return promise.futureResult
        }
    }

    /// Sends so many bytes, on the calling thread; ends early when the exchange does, or when the answer comes before
    /// everything was sent and is an error.
    func send(_ reader: any BlobReader, count: Int64) throws(HTTPFailure) {
        var rest = count
        var pace = TransferPace(window: patience.window)
        while let writer = try waitForRoom(Self.largestQueue, &pace) {
            guard rest > 0 else {
                try Self.checkEnd(of: reader)
                finishBody()
                // The wait for an answer begins when all is sent.
                _ = try waitForRoom(1, &pace)
                return
            }
            var piece = ByteBufferAllocator().buffer(capacity: Int(min(Int64(Self.pieceSize), rest)))
            let read = try Self.fill(&piece, from: reader)
            guard read > 0 else {
                throw .source(.document(what: "what is sent", reason: "it ends \(rest) bytes too early"))
            }
            rest -= Int64(read)
            state.update { $0.unsent += read }
            writer.write(.byteBuffer(piece)).whenComplete { [state] result in
                state.update { state in
                    state.unsent -= read
                    state.sent += read
                    if case .failure = result { state.sendFailed = true }
                }
            }
        }
        // A refusal may come between the last byte and the end of the body, without which the answer has no end.
        if rest == 0 { finishBody() }
    }

    private func finishBody() {
        let end = state.update { state in
            defer { state.bodyEnd = nil }
            return state.bodyEnd
        }
        end?.succeed(())
    }

    // nil when nothing more is to be sent; else fewer bytes than these wait in the connection.
    private func waitForRoom(
        _ limit: Int,
        _ pace: inout TransferPace
    ) throws(HTTPFailure) -> HTTPClient.Body.StreamWriter? {
        while true {
            let start = Stopwatch.now()
            let before = state.update { $0.sent }
            let result = state.wait(atMost: pace.rest) { state -> HTTPClient.Body.StreamWriter?? in
                if state.outcome != nil || state.sendFailed { return .some(nil) }
                if let head = state.head, head.status.code >= 300 { return .some(nil) }
                guard let writer = state.writer, state.unsent < limit else { return nil }
                return .some(writer)
            }
            pace.count(seconds: Stopwatch.now() - start, bytes: state.update { $0.sent } - before)
            if let result { return result }
            guard pace.rest > 0 else { throw .slow(pace.description("takes")) }
        }
    }

    // One more read lets the reader make its checks before the last byte counts.
    private static func checkEnd(of reader: any BlobReader) throws(HTTPFailure) {
        var rest = ByteBufferAllocator().buffer(capacity: 1)
        guard try fill(&rest, from: reader) == 0 else {
            throw .source(.document(what: "what is sent", reason: "it is longer than it was announced"))
        }
    }

    private static func fill(_ piece: inout ByteBuffer, from reader: any BlobReader) throws(HTTPFailure) -> Int {
        let capacity = piece.writableBytes
        var result: Result<Int, TransportError> = .success(0)
        piece.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { buffer in
            do throws(TransportError) {
                let count = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<capacity]))
                result = .success(count)
                return count
            } catch {
                result = .failure(error)
                return 0
            }
        }
        do { return try result.get() } catch { throw .source(error) }
    }
}
