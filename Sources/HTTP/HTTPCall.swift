package import FoundationEssentials
package import ImageTransport
package import NIOHTTP1

/// One request.
package struct HTTPCall: Sendable {
    /// What is sent with it.
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// So many bytes of what is opened anew for each attempt.
        case stream(count: Int64, open: @Sendable () throws(TransportError) -> any BlobReader)
    }

    package var method: HTTPMethod
    package var url: URL
    package var headers: HTTPHeaders
    package var body: Body

    /// A request for a URL.
    package init(method: HTTPMethod, url: URL, headers: HTTPHeaders = [:], body: Body = .none) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}
