extension Instruction {
    /// Its text with other sources, for `COPY` and `ADD`; nil for other instructions and those with here-documents.
    ///
    /// The JSON form stays what it is. `paths` is used as given: variables in it are the Dockerfile's.
    package func text(withSources paths: [String], escape: Unicode.Scalar) -> String? {
        guard let sources = operation.sources, sources.heredocs.isEmpty else { return nil }
        let arguments = InstructionText(source, escape: escape).arguments
        let head = source.dropLast(arguments.count)
        let words = paths + [sources.destination]
        guard case .strings = JSONStringArray.read(arguments) else { return head + words.joined(separator: " ") }
        return head + "[" + words.map(JSONStringArray.quoted).joined(separator: ", ") + "]"
    }
}

extension JSONStringArray {
    /// A string as JSON has it (RFC 8259, section 7).
    fileprivate static func quoted(_ word: String) -> String {
        var text = "\""
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
