/// Texts that name things by a scheme: `https://…`, `urn:…` (RFC 3986, section 3).
package enum URIText {
    /// Whether it is a scheme, a colon, and printable ASCII without blanks.
    package static func isURI(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:[\x21-\x7e]+/) != nil
    }
}
