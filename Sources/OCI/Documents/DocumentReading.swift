import ContentAddress
import Foundation
import JSON

/// A typed view of a document from outside, and whether its bytes say one thing to all readers.
package struct DocumentReading<Value: Decodable> {
    /// The view; where readers differ, the last of two members counts, and names are compared as they are.
    package let value: Value
    /// What readers resolve in different ways; nil when all of them read the same.
    package let ambiguity: OCIError?

    /// Reads a document; `what` names it in errors, `mediaType` is what refers to it says that it is.
    ///
    /// Throws ``OCIError/document(what:reason:)`` for what isn't a document of its kind: not JSON, not Unicode, members
    /// that are missing or of another type.
    package init(
        _ bytes: [UInt8],
        as kind: DocumentKind,
        mediaType: String? = nil,
        what: @autoclosure () -> String
    ) throws(OCIError) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes)
        } catch {
            throw .document(what: what(), reason: "\(error)")
        }
        let damage = document.irregularities.first { $0.kind == .invalidText || $0.kind == .byteOrderMark }
        if let damage { throw .document(what: what(), reason: Self.words(damage, document)) }
        // What can be read in two ways and is not a document in one of them is said to be that.
        let structure = DocumentStructure.ambiguity(document.value, kind, mediaType: mediaType)
        let members = document.ambiguities(as: kind.shape).first.map { Self.words($0, document) }
        let reason = members ?? structure ?? DocumentStructure.null(in: bytes, kind)
        ambiguity = reason.map { .ambiguous(what: what(), reason: $0) }
        do {
            try DocumentStructure.check(document.value, kind)
            value = try document.value.decode(Value.self, readsNullElements: true)
        } catch {
            if let ambiguity { throw ambiguity }
            throw .document(what: what(), reason: (error as? DecodingError)?.explanation ?? "\(error)")
        }
    }

    /// The view of a document that says one thing to all readers.
    ///
    /// Throws ``OCIError/ambiguous(what:reason:)`` for any other.
    package static func decode(
        _ bytes: [UInt8],
        as kind: DocumentKind,
        mediaType: String? = nil,
        what: @autoclosure () -> String
    ) throws(OCIError) -> Value {
        let reading = try Self(bytes, as: kind, mediaType: mediaType, what: what())
        if let ambiguity = reading.ambiguity { throw ambiguity }
        return reading.value
    }

    private static func words(_ irregularity: JSONIrregularity, _ document: JSONDocument) -> String {
        let (line, column) = document.place(of: irregularity.offset)
        return "\(irregularity) (line \(line), column \(column))"
    }
}

/// A document, or a member of one, whatever is in it.
package struct AnyDocument: Decodable {
    /// Takes any value.
    package init(from decoder: any Decoder) {}
}

extension DecodingError {
    /// Where and what, in a line for a person.
    package var explanation: String {
        let (context, words): (DecodingError.Context, String) =
            switch self {
            case .typeMismatch(_, let context): (context, context.debugDescription)
            case .valueNotFound(_, let context): (context, context.debugDescription)
            case .keyNotFound(let key, let context): (context, "there is no '\(key.stringValue)'")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "it is damaged")
            }
        let path = context.codingPath.reduce(into: "") { path, key in
            path += path.isEmpty || key.intValue != nil ? key.stringValue : "." + key.stringValue
        }
        return path.isEmpty ? words : "\(path): \(words)"
    }
}
