import FoundationEssentials
import HTTP

/// A request with what is known of it.
struct RegistryRequest {
    /// What is wanted, for messages.
    let what: String
    var call: HTTPCall
    /// Whether sending it twice is as good as once.
    var isRepeatable = true
    /// Whether a redirect is followed, or is the answer.
    var followsRedirects = true

    /// The host that is asked, for messages.
    var host: String? { call.url.host.map { host in call.url.port.map { "\(host):\($0)" } ?? host } }
}
