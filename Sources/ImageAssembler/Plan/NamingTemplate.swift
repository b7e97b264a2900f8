package import ArtifactStore
import OCI
import Release

/// How the files of a context are named: `{name}-{os}-{arch}`.
///
/// `{name}` is the last component of the artifact's name, `{version}` its version, `{file}` its path inside the
/// release, `{os}`, `{arch}` and `{variant}` are its platform's parts. Without `{file}` only the release's program is
/// named. A variant that the template doesn't mention follows the architecture, `linux-arm-v7`, so that two variants
/// never share a name. An artifact of platform `any` keeps the name or path it was put with.
package struct NamingTemplate: Equatable, Sendable {
    private enum Part: Equatable {
        case text(String)
        case field(Field)
    }

    private enum Field: String, CaseIterable {
        case name, version, os, arch, variant, file
    }

    /// The template used when none is given.
    package static let standard = "{name}-{os}-{arch}"

    /// The template as it was written.
    package let text: String
    private let parts: [Part]

    /// Reads a template.
    ///
    /// Throws ``NamingError`` for unknown fields and braces that don't match.
    package init(parsing text: String = standard) throws(NamingError) {
        var parts: [Part] = []
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            if brace > rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
            guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
                throw .unmatchedBrace(text)
            }
            let word = String(rest[rest.index(after: brace)..<end])
            guard let field = Field(rawValue: word) else {
                throw .unknownField(word, known: Field.allCases.map(\.rawValue))
            }
            parts.append(.field(field))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        guard !parts.isEmpty else { throw .empty }
        self.text = text
        self.parts = parts
    }

    /// Whether it names all files of a release, and not the program alone.
    package var namesFiles: Bool { parts.contains(.field(.file)) }

    /// The name of an artifact in a context; nil for a file that the template doesn't name.
    package func fileName(for artifact: Artifact) -> String? {
        guard let platform = artifact.key.platform.platform else { return artifact.plainPath }
        guard artifact.key.isProgram || namesFiles else { return nil }
        let namesVariant = parts.contains(.field(.variant))
        return parts.map { part in
            switch part {
            case .text(let text): text
            case .field(.name): artifact.key.name.lastComponent
            case .field(.version): artifact.key.version.text
            case .field(.os): platform.os
            case .field(.arch): platform.architecture + (namesVariant ? "" : platform.variant.map { "-" + $0 } ?? "")
            case .field(.variant): platform.variant ?? ""
            case .field(.file): artifact.key.file.text
            }
        }.joined()
    }
}

/// Why a naming template can't be read.
package enum NamingError: Error, Equatable, CustomStringConvertible {
    /// Nothing is in it.
    case empty
    /// A brace has no partner.
    case unmatchedBrace(String)
    /// There is no such field.
    case unknownField(String, known: [String])

    /// One line for a person.
    package var description: String {
        switch self {
        case .empty: "--naming is empty: give a template such as '\(NamingTemplate.standard)'"
        case .unmatchedBrace(let text): "--naming '\(text)' has a brace without its partner"
        case .unknownField(let field, let known):
            "--naming has no field '{\(field)}': it has \(known.map { "{\($0)}" }.joined(separator: ", "))"
        }
    }
}

extension Artifact {
    /// Its path inside its release; a file for any platform that was put without one has its file's name.
    var plainPath: String { key.platform == .any && key.isProgram ? fileName : key.file.text }
}
