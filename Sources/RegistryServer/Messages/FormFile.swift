/// The file in a form as browsers send it (RFC 7578, multipart/form-data).
struct FormFile: Equatable {
    /// What the file is called; empty where that isn't told.
    let name: String
    /// Where its bytes are in the form.
    let range: Range<Int>

    /// The boundary of a field `Content-Type`; nil for other types, and for a boundary that can't be.
    static func boundary(in field: String) -> String? {
        let parts = field.split(separator: ";").map { $0.drop { $0 == " " } }
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        for part in parts.dropFirst() where part.lowercased().hasPrefix("boundary=") {
            let text = part.dropFirst("boundary=".count)
            let isQuoted = text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
            let bare = isQuoted ? text.dropFirst().dropLast() : text
            // RFC 2046, section 5.1.1.
            guard (1...70).contains(bare.utf8.count), bare.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 })
            else { return nil }
            return String(bare)
        }
        return nil
    }

    /// What stands before the bytes of a part, and behind its end, at most.
    private static let longestHead = 8 << 10

    /// The first part of a form, if it is a file; nil for anything else.
    ///
    /// Browsers send the fields of a form in their order, and ours has one.
    init?(_ form: UnsafeRawBufferPointer, boundary: String) {
        let opening = Array("--\(boundary)\r\n".utf8)
        guard form.starts(with: opening) else { return nil }
        let ending = Array("\r\n\r\n".utf8)
        let last = min(form.count, opening.count + Self.longestHead) - ending.count
        guard last >= opening.count,
            let head = (opening.count...last).first(where: { form[$0..<$0 + ending.count].elementsEqual(ending) })
        else { return nil }
        let fields = String(decoding: form[opening.count..<head], as: UTF8.self).split(separator: "\r\n")
        guard
            let words = fields.first(where: { $0.lowercased().hasPrefix("content-disposition:") })?
                .split(separator: ";").map({ $0.drop { $0 == " " } }),
            let field = words.first(where: { $0.hasPrefix("filename=\"") })
        else { return nil }
        // Browsers write a quote in a name as %22.
        name = String(field.dropFirst("filename=\"".count).prefix { $0 != "\"" })
        // The file may have the boundary in it: the last one ends it.
        let closing = Array("\r\n--\(boundary)--".utf8)
        let start = head + ending.count
        var place = form.count - closing.count
        let least = max(start, place - Self.longestHead)
        while place >= least {
            if form[place..<place + closing.count].elementsEqual(closing) {
                range = start..<place
                return
            }
            place -= 1
        }
        return nil
    }
}
