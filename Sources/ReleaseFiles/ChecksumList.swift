package import ArtifactStore
import ContentAddress
import Printable
import Release
import SystemIO

/// What a release page says of its files.
///
/// Its lines are those of `sha256sum`, `HASH  name` or `HASH *name`, and of BSD's tools, `SHA256 (name) = HASH`.
package struct ChecksumList {
    /// No list that a release page has is larger.
    private static let largestSize = 16 << 20

    private let source: String
    // By the components of the path.
    private var digests: [[Substring]: Digest] = [:]

    /// Reads a file; `-` is standard input.
    package init(path: String) throws {
        let bytes = try (path == "-" ? StandardStream.input() : File.open(path)).readBytes(limit: Self.largestSize + 1)
        guard bytes.count <= Self.largestSize else {
            throw UnusableFiles(description: "\(printable(path)) is too large for a list of checksums")
        }
        try self.init(bytes, from: path)
    }

    /// Reads lines; throws ``UnusableFiles`` that names the line which isn't a checksum.
    init(_ bytes: [UInt8], from source: String) throws {
        self.source = source
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in zip(1..., lines) {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let place = "\(printable(source)), line \(number)"
            guard let text = String(validating: line, as: UTF8.self), let entry = Line(text) else {
                throw UnusableFiles(
                    description: """
                        \(place): '\(printable(line.prefix(120)))' is not a checksum
                        Each line is HASH  NAME or SHA256 (NAME) = HASH, with the 64 hexadecimal digits of a SHA-256.
                        """
                )
            }
            guard case .file(let name, let digest) = entry else { continue }
            if let other = digests.updateValue(digest, forKey: Self.components(name)), other != digest {
                throw UnusableFiles(description: "\(place): \(printable(name)) is listed twice, with two digests")
            }
        }
    }

    /// The digest that a file should have; nil when it isn't listed.
    ///
    /// The list names files from the directory that it was made in: the longest end of the path that it has counts.
    func digest(of path: String) -> Digest? {
        let components = Self.components(path)
        for start in components.indices {
            if let digest = digests[Array(components[start...])] { return digest }
        }
        return nil
    }

    /// The requests with the digests that their files must have.
    ///
    /// Throws ``UnusableFiles`` that names all files which aren't listed.
    package func expected(of requests: [PutRequest]) throws -> [PutRequest] {
        var missing: [String] = []
        let checked = requests.map { request in
            var request = request
            let path = if case .path(let path) = request.source { path } else { request.fileName ?? request.path?.text }
            request.expectedDigest = path.flatMap(digest)
            if request.expectedDigest == nil { missing.append(path ?? "standard input") }
            return request
        }
        guard missing.isEmpty else {
            throw UnusableFiles(
                description: missing.map { "\(printable(source)) has no checksum of \(printable($0))" }
                    .joined(separator: "\n") + "\nNothing was stored: what is put with --checksums is listed there."
            )
        }
        return checked
    }

    private static func components(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
}

extension ChecksumList {
    /// What a line of a list says.
    enum Line: Equatable {
        /// A file and its SHA-256.
        case file(String, Digest)
        /// Nothing, a comment, or the checksum of another algorithm that is named.
        case passedOver

        /// Nil for what is not a line of a list.
        init?(_ line: String) {
            if line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") {
                self = .passedOver
            } else if let read = Self.tagged(line) ?? Self.plain(line) {
                self = read
            } else {
                return nil
            }
        }

        // `SHA256 (name) = HASH`.
        private static func tagged(_ line: String) -> Self? {
            guard let open = line.firstRange(of: " ("), let close = line.ranges(of: ") = ").last,
                open.upperBound < close.lowerBound
            else { return nil }
            let algorithm = line[..<open.lowerBound]
            guard algorithm.first?.isLetter == true,
                algorithm.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-/".contains($0)) })
            else { return nil }
            guard algorithm == "SHA256" else { return .passedOver }
            return digest(line[close.upperBound...]).map { .file(String(line[open.upperBound..<close.lowerBound]), $0) }
        }

        // `HASH  name`; a backslash in front says that the name has escapes.
        private static func plain(_ line: String) -> Self? {
            let isEscaped = line.hasPrefix("\\")
            let line = line.dropFirst(isEscaped ? 1 : 0)
            guard let space = line.firstIndex(of: " "), let digest = digest(line[..<space]) else { return nil }
            var name = line[line.index(after: space)...]
            if name.first == " " || name.first == "*" { name = name.dropFirst() }
            guard let name = isEscaped ? unescaped(name) : String(name), !name.isEmpty else { return nil }
            return .file(name, digest)
        }

        // Capital digits are as good, as `sha256sum --check` has it.
        private static func digest(_ text: Substring) -> Digest? { try? Digest(hex: text.lowercased()) }

        private static func unescaped(_ name: Substring) -> String? {
            var result = ""
            var rest = name
            while let character = rest.popFirst() {
                guard character == "\\" else {
                    result.append(character)
                    continue
                }
                switch rest.popFirst() {
                case "\\": result.append("\\")
                case "n": result.append("\n")
                case "r": result.append("\r")
                default: return nil
                }
            }
            return result
        }
    }
}
