/// The field `Link` of an answer (RFC 8288).
enum LinkField {
    /// Where the next page is, of `<address>; rel="next"`.
    static func next(_ field: String) -> String? {
        guard field.contains("next"), let start = field.firstIndex(of: "<"),
            let end = field[start...].firstIndex(of: ">")
        else { return nil }
        return String(field[field.index(after: start)..<end])
    }
}
