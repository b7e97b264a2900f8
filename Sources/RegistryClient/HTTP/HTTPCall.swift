import FoundationEssentials
import ImageTransport
import NIOHTTP1

/// One request.
struct HTTPCall: Sendable {
    /// What is sent with it.
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// So many bytes of what is opened anew for each attempt.
        case stream(count: Int64, open: @Sendable () throws(TransportError) -> any BlobReader)
    }

    var method: HTTPMethod
    var url: URL
    var headers: HTTPHeaders = [:]
    var body = Body.none
}
