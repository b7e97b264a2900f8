import FoundationEssentials
import HTTP

extension RegistrySession {
    /// Why an address that an answer gives isn't asked.
    func refusal(of text: String, from base: URL, _ words: String = "is not an address that is followed") -> String {
        let isBare = base.scheme == "https" && text.lowercased().hasPrefix("http:")
        let remedy =
            ": it has no TLS. A registry behind a proxy must know that the proxy speaks TLS (X-Forwarded-Proto)"
        return "'\(text)' \(words)" + (isBare ? remedy : "")
    }

    /// The next page of a list (OCI distribution specification 1.1, "Listing Tags"); nil behind the last.
    ///
    /// Throws where the page can't be asked for: the list would look whole without it.
    func next(after answer: HTTPAnswer, of what: String, from url: URL) throws(RegistryError) -> URL? {
        guard let text = answer.field("Link").flatMap(LinkField.next) else { return nil }
        guard let next = self.url(text, from: url) else {
            throw .redirect(what: what, place: location.host, reason: refusal(of: text, from: url))
        }
        return next
    }
}
