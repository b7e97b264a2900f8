import ArtifactStore
import ContentAddress
import Glibc
import JSON
import OCI
package import Printable
import Release
import SystemIO

/// What GoReleaser says of the files in its `dist` directory: `artifacts.json` and `metadata.json`.
package struct GoReleaserDist {
    /// The project's name, and the version that was built; nil where the metadata wasn't asked for.
    let metadata: (project: String, version: String)?
    /// Its programs, archives, packages, SBOMs and checksums, in the order of `artifacts.json`.
    let files: [Entry]
    /// Lists of checksums with which nothing is compared.
    package let warnings: [Message]
    /// What it lists and a release has no place for, such as images and formulas; nil for nothing.
    package let remark: Message?

    /// A file of the release.
    struct Entry {
        /// What the file is, for `dev.bindery.artifact.kind`; nil for a program.
        let kind: String?
        /// Where it is.
        let path: String
        /// Its own name.
        let name: String
        /// What it is called on the release page, and in lists of checksums.
        let title: String
        /// For which platforms it is; empty for all.
        let platforms: [Platform]
        /// Whether it is a program whose platform isn't written down: its own header says it.
        let isOfUnsaidPlatform: Bool
        /// The digest that GoReleaser wrote down.
        var digest: Digest?
    }

    private static let largestDocument = 16 << 20
    private static let kinds: [String: ReleaseFileKind] = [
        "Archive": .archive, "Linux Package": .package, "SBOM": .sbom, "Checksum": .checksums, "Source": .source,
    ]

    private let directory: String

    /// Reads both documents, or the files alone.
    package init(_ directory: String, withMetadata: Bool = true) throws {
        self.directory = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        metadata = try withMetadata ? Self.metadata(self.directory) : nil
        let artifacts = try Self.document(self.directory + "/artifacts.json")
        guard artifacts.kind == .array else {
            throw UnusableFiles(description: "\(directory)/artifacts.json is not a list: GoReleaser writes one")
        }
        var passedOver: [String: Int] = [:]
        var entries = try artifacts.elements.enumerated().compactMap { number, value in
            let entry = try Self.entry(value, number, in: directory)
            if entry == nil { passedOver[value["type"]?.string ?? "", default: 0] += 1 }
            return entry
        }
        // A universal program stands in for the platforms that have none of their own.
        let own = Set(entries.filter { $0.kind == nil && $0.platforms.count == 1 }.map { "\($0.name) \($0.platforms)" })
        entries = entries.compactMap { entry in
            guard entry.kind == nil, entry.platforms.count > 1 else { return entry }
            let rest = entry.platforms.filter { !own.contains("\(entry.name) \([$0])") }
            return rest.isEmpty
                ? nil
                : Entry(
                    kind: nil,
                    path: entry.path,
                    name: entry.name,
                    title: entry.title,
                    platforms: rest,
                    isOfUnsaidPlatform: false,
                    digest: entry.digest
                )
        }
        let (sums, warnings) = try Self.checksums(entries)
        self.warnings = warnings
        remark = Self.remark(on: passedOver)
        // Programs of several platforms have one title, unless they are on the release page themselves.
        let counts = Dictionary(entries.map { ($0.title, 1) }, uniquingKeysWith: +)
        for index in entries.indices where entries[index].digest == nil && counts[entries[index].title] == 1 {
            entries[index].digest = sums[entries[index].title]
        }
        files = entries
        guard files.contains(where: { $0.kind == nil }) else {
            throw UnusableFiles(description: "\(directory)/artifacts.json names no program")
        }
    }

    private static func metadata(_ directory: String) throws -> (project: String, version: String) {
        let metadata = try document(directory + "/metadata.json")
        guard let project = metadata["project_name"]?.string, let version = metadata["version"]?.string else {
            throw UnusableFiles(description: "\(directory)/metadata.json has no project_name and version")
        }
        return (project, version)
    }

    private static func document(_ path: String) throws -> JSONValueView {
        do {
            return try JSONDocument(try File.open(path).readBytes(limit: largestDocument)).value
        } catch let error as SystemError where error.isNotFound {
            throw UnusableFiles(
                description: "\(path) isn't there: the directory is not one that GoReleaser wrote (dist)"
            )
        } catch let error as JSONError {
            throw UnusableFiles(description: "\(path) can't be read: \(error)")
        }
    }

    private static func remark(on passedOver: [String: Int]) -> Message? {
        guard !passedOver.isEmpty else { return nil }
        let kinds = passedOver.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return "not taken from artifacts.json: \(kinds.joined(separator: ", "))"
    }

    private static func entry(_ value: JSONValueView, _ number: Int, in directory: String) throws -> Entry? {
        guard let type = value["type"]?.string else {
            throw UnusableFiles(
                description: "\(directory)/artifacts.json, element \(number): an object with a text 'type' is expected"
            )
        }
        let isProgram = type == "Binary" || type == "Universal Binary"
        guard isProgram || kinds[type] != nil else { return nil }
        guard let written = value["path"]?.string, let name = value["name"]?.string else {
            throw UnusableFiles(
                description: "\(directory)/artifacts.json, element \(number): a \(type) has 'name' and 'path'"
            )
        }
        let platforms = try platforms(value)
        return Entry(
            kind: kinds[type]?.rawValue,
            path: try path(written, in: directory),
            name: isProgram ? Directory.lastComponent(of: written) : name,
            title: name,
            platforms: platforms,
            isOfUnsaidPlatform: isProgram && platforms.isEmpty,
            digest: (value["extra"]?["Checksum"]?.string).flatMap { try? Digest(parsing: $0) }
        )
    }

    // GoReleaser writes paths from the directory that it ran in, or from the root where `dist` is so in its configuration:
    // they begin with the path of `dist`.
    private static func path(_ written: String, in directory: String) throws -> String {
        let components = written.split(separator: "/", omittingEmptySubsequences: false)
        let isInside = components.count > 1 && !components.contains("..")
        let candidates =
            isInside ? (1..<components.count).map { directory + "/" + components[$0...].joined(separator: "/") } : []
        if let found = candidates.first(where: { (try? FileStatus.ofLink($0))?.kind == .file }) { return found }
        guard let usual = candidates.first, !written.hasPrefix("/") else {
            throw UnusableFiles(
                description: "\(directory)/artifacts.json names \(written), which isn't in \(directory)"
            )
        }
        return usual
    }

    private static func platforms(_ value: JSONValueView) throws -> [Platform] {
        guard let system = value["goos"]?.string, let processor = value["goarch"]?.string, !system.isEmpty else {
            return []
        }
        if processor == "all" {
            return try PlatformWords.platforms(os: system, architecture: processor, variant: nil)
        }
        // Only the processor's own member counts: some versions write others beside it.
        let family = ["mips", "ppc64"].first { processor.hasPrefix($0) } ?? processor
        var variant: String?
        if let written = value["go" + family], !written.isNull {
            guard let text = written.string else {
                throw UnusableFiles(description: "'go\(family)' of a file for \(system)/\(processor) is not a text")
            }
            variant = text.isEmpty ? nil : text
        }
        return [try PlatformWords.platform(os: system, architecture: processor, variant: variant)]
    }

    // Other algorithms' lines are passed over; a list of which nothing is compared is named.
    private static func checksums(_ entries: [Entry]) throws -> (sums: [String: Digest], warnings: [Message]) {
        var sums: [String: Digest] = [:]
        var warnings: [Message] = []
        let titles = Set(entries.map(\.title))
        for entry in entries where entry.kind == ReleaseFileKind.checksums.rawValue {
            let bytes = try File.open(entry.path).readBytes(limit: largestDocument)
            let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            let found =
                split(lines, entry)
                + lines.compactMap { line -> (String, Digest)? in
                    guard case .file(let name, let digest) = ChecksumList.Line(String(line)) else { return nil }
                    return (name, digest)
                }
            if !found.contains(where: { titles.contains($0.0) }) {
                warnings.append("\(entry.path) has no SHA-256 of a file of the release: nothing is compared with it")
            }
            for (name, digest) in found { sums[name] = digest }
        }
        return (sums, warnings)
    }

    // A list for each file, `NAME.sha256`, has the digest alone (GoReleaser, "checksum", `split`).
    private static func split(_ lines: [Substring], _ entry: Entry) -> [(String, Digest)] {
        guard entry.title.hasSuffix(".sha256"), lines.count == 1, let digest = try? Digest(hex: lines[0].lowercased())
        else { return [] }
        return [(String(entry.title.dropLast(".sha256".count)), digest)]
    }
}
