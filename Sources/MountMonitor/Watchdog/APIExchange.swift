import JSON
import NIOCore
import NIOHTTP1

/// One answer of the API server.
struct APIAnswer: Equatable, Sendable {
    let status: Int
    let body: [UInt8]
    /// How long it asks to be left alone for (RFC 9110, section 10.2.3); nil when it doesn't say in seconds.
    var retryAfter: GoDuration?

    /// Its document; throws when it isn't one.
    func document() throws(APIFailure) -> JSON {
        do {
            let limits = JSONDocument.Limits(size: APIExchange.longestAnswer, depth: JSON.deepestNesting)
            return JSON(try JSONDocument(body, limits: limits).value)
        } catch {
            throw .malformed("\(error)")
        }
    }

    /// The kind of its document; nil where it isn't the API's.
    var kind: String? {
        guard let document = try? document(), case .string(let kind)? = document["kind"] else { return nil }
        return kind
    }

    /// The API itself says that there is no such thing: a proxy before it that answers 404 knows nothing.
    var isNotFound: Bool { status == 404 && kind == "Status" }

    /// What it says went wrong: the `message` of a Kubernetes `Status`, cut to a line's length.
    var failure: APIFailure {
        var message = ""
        if let document = try? document(), case .string(let text)? = document["message"] { message = text }
        return .status(status, message: String(message.prefix(300)), retryAfter: retryAfter)
    }
}

/// Sends one request on a connection of its own and collects the answer.
///
/// Lives on its event loop.
final class APIExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The longest answer taken, in bytes; a pod's description has a few tens of thousands.
    static let longestAnswer = 4 << 20

    private let head: HTTPRequestHead
    private let body: String
    private let answer: EventLoopPromise<APIAnswer>
    private var status = 0
    private var retryAfter: GoDuration?
    private var bytes: [UInt8] = []
    private var isSent = false

    init(head: HTTPRequestHead, body: String, answer: EventLoopPromise<APIAnswer>) {
        self.head = head
        self.body = body
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { send(context) } }

    private func send(_ context: ChannelHandlerContext) {
        guard !isSent else { return }
        isSent = true
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let buffer = context.channel.allocator.buffer(string: body)
        context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            retryAfter = RetryAfterField.pause(head.headers)
        case .body(let buffer):
            guard bytes.count + buffer.readableBytes <= APIExchange.longestAnswer else {
                answer.fail(APIFailure.tooLong(limit: APIExchange.longestAnswer))
                return context.close(promise: nil)
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        case .end:
            answer.succeed(APIAnswer(status: status, body: bytes, retryAfter: retryAfter))
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(APIFailure(describing: error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(APIFailure.unreachable("the connection was cut off"))
        context.fireChannelInactive()
    }
}
