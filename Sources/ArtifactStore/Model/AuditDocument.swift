import Foundation

/// A part of an audit that the index keeps whole, as canonical JSON: the auditor writes and reads it, the store only
/// compares it.
///
/// `Kind` tells the parts apart: a basis can't be kept as a report.
package struct AuditDocument<Kind>: Sendable, Hashable, CustomStringConvertible {
    /// Its text in the index.
    let column: String

    /// Its text, to be shown.
    package var description: String { column }

    init(column: String) {
        self.column = column
    }

    /// Nothing, as earlier versions recorded it.
    package static var empty: Self { Self(column: "{}") }

    /// Throws what the content's encoding throws.
    package init<Content: AuditContent & Encodable>(_ content: Content) throws where Content.Kind == Kind {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        column = String(decoding: try encoder.encode(content), as: UTF8.self)
    }

    /// What stands in it; throws `DecodingError` where that is something else.
    package func content<Content: AuditContent & Decodable>(
        _ type: Content.Type = Content.self
    ) throws -> Content where Content.Kind == Kind {
        try JSONDecoder().decode(type, from: Data(column.utf8))
    }
}

/// What is written into the documents of one kind, or read from them.
package protocol AuditContent {
    associatedtype Kind
}

extension AuditRecord {
    /// What was found, as ``AuditListing`` and a later audit of the image compare it.
    package enum ReportKind {}
    /// What was asked, and what the image's documents say of the whole: enough to evaluate it again.
    package enum BasisKind {}
    /// What is known of a platform's image beside its files.
    package enum FactsKind {}
    /// What was read of a program that no release has.
    package enum ProgramKind {}

    package typealias Report = AuditDocument<ReportKind>
    package typealias Basis = AuditDocument<BasisKind>
    package typealias Facts = AuditDocument<FactsKind>
    package typealias ProgramFacts = AuditDocument<ProgramKind>
}
