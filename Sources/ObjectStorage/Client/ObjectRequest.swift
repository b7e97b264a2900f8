import NIOHTTP1

/// One request, before it is signed.
struct ObjectRequest {
    /// What is wanted, for messages.
    let what: String
    let method: HTTPMethod
    /// The object; nil for the bucket.
    let key: String?
    var query: [(name: String, value: String)] = []
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// What is announced as the body's digest; nil for what it is.
    var announcedDigest: String?
    /// Whether sending it twice is as good as once: not where the second one would find what the first one left.
    var isRepeatable = true
    /// Whether it says who asks.
    var isSigned = true
}
