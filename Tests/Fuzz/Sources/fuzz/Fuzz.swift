import Archive
import Attestation
import ContentAddress
import Dockerfile
import ELF
import Foundation
import JSON
import OCI
import Release
import SBOM
import TransparencyLog

@testable import ProbeParsers
@testable import ServerParsers

/// The parsers, each under the name that BINDERY_FUZZ chooses.
enum Parser: String, CaseIterable {
    case tar, gzip, zstd, xz, bzip2, lzma, dockerfile, shell, json, folding, manifest, config, reference, elf, version,
        policy, request, layers, archive, envelope, bundle, note, excerpt, key, crates, notes, packages, advisories,
        versions, provenance, target

    static let chosen: Parser = {
        guard let name = ProcessInfo.processInfo.environment["BINDERY_FUZZ"], let parser = Parser(rawValue: name) else {
            let names = Parser.allCases.map(\.rawValue).joined(separator: " ")
            FileHandle.standardError.write(Data("BINDERY_FUZZ is one of: \(names)\n".utf8))
            exit(2)
        }
        return parser
    }()

    /// Parses some bytes; an error is a good answer, a trap is what is looked for.
    func parse(_ bytes: UnsafeRawBufferPointer) {
        let text = { String(decoding: bytes, as: UTF8.self) }
        switch self {
        case .tar: try? Self.readTar(bytes)
        case .archive: try? Self.readArchive(bytes)
        case .crates: _ = CrateList.read(bytes)
        case .advisories:
            var database = AdvisoryDatabase()
            guard (try? database.add(Array(bytes))) != nil,
                let package = ComparedPackage(ProgramModule(.go, "a", version: "v1.2.3"))
            else { return }
            _ = database.comparison(with: package)
        case .versions:
            // An order: what is before one version isn't behind it, and each version is itself.
            let versions = text().split(separator: "\n").prefix(8).map { String($0) }
            for scheme in [VersionScheme.semantic, .dpkg, .apk] {
                let known = versions.filter(scheme.accepts)
                for left in known {
                    precondition(scheme.compare(left, left) == 0)
                    for right in known {
                        let (order, back) = (scheme.compare(left, right) ?? 0, scheme.compare(right, left) ?? 0)
                        precondition(order.signum() == -back.signum())
                    }
                }
            }
        case .notes: _ = PackageNote(text())
        case .packages:
            let all = Array(bytes)
            let system = OSRelease(all)
            for package in DpkgDatabase.packages(in: all) + ApkDatabase.packages(in: all) {
                precondition(package.purl(in: system).description.hasPrefix("pkg:"))
            }
            precondition(DpkgDatabase.sums(in: all).allSatisfy { $0.sum.count == 16 })
        case .gzip: try? Self.decompress(bytes, .gzip)
        case .zstd: try? Self.decompress(bytes, .zstd)
        case .xz: try? Self.decompress(bytes, .xz)
        case .bzip2: try? Self.decompress(bytes, .bzip2)
        case .lzma: try? Self.decompress(bytes, .lzma)
        case .dockerfile: _ = try? Dockerfile(parsing: Array(bytes))
        case .shell:
            // What is read can be expanded, or says why not.
            guard let line = try? ShellLine(parsing: text()) else { return }
            let variables = ["A": "a b", "B": "", "C": "/x/y.z", "PATH": "/bin"]
            for word in line.certainCommands.flatMap(\.words) + line.heredocs {
                let fields = try? word.fields(variables)
                if let literal = word.literal, let fields { precondition(fields.map(\.text) == [literal]) }
                _ = try? word.text(variables)
                _ = try? word.matches("ab", variables)
            }
        case .json:
            // What parses and is written again parses to the same, and is written the same.
            guard let value = try? JSONValue(parsing: Array(bytes)) else { return }
            let written = CanonicalJSON.encode(value)
            precondition((try? JSONValue(parsing: written)) == value)
        case .folding:
            guard let document = try? JSONDocument(Array(bytes)),
                document.irregularities.allSatisfy({ $0.kind == .repeatedMember })
            else { return }
            let found = !document.ambiguities(as: FoldingModel.shape).isEmpty
            precondition(found == FoldingModel.isAmbiguous(Array(bytes)))
        case .manifest:
            _ = try? DocumentReading<ImageIndex>.decode(Array(bytes), as: .index, what: "")
            _ = try? DocumentReading<ImageManifest>.decode(Array(bytes), as: .manifest, what: "")
        case .config: _ = try? DocumentReading<ImageConfig>.decode(Array(bytes), as: .config, what: "")
        case .reference:
            guard let reference = try? ImageReference(parsing: text()) else { return }
            precondition((try? ImageReference(parsing: reference.description)) == reference)
        case .elf:
            _ = try? ELFFile.read(bytes)
            // What is read of another system's program lies inside the file.
            for slice in ForeignProgram.read(bytes)?.slices ?? [] {
                precondition(slice.sections.allSatisfy { bytes.indices.contains($0.fileRange.upperBound - 1) })
            }
        case .version:
            guard let version = try? Version(parsing: text()) else { return }
            precondition((try? Version(parsing: version.text)) == version)
            _ = version.isPreRelease
        case .layers:
            // The reading that goes through one tree says what the slow and plain model says.
            var generator = StackGenerator(bytes: Array(bytes))
            let layers = generator.stack()
            let model = PlainModel(layers)
            guard let reading = try? Reading(layers) else { return }
            precondition(model.notes.isEmpty != reading.isAmbiguous)
            precondition(reading.isAmbiguous || model.shown == reading.seen)
        case .envelope:
            // What is read and written again is read as the same.
            guard let envelope = try? Envelope(parsing: Array(bytes), what: "") else { return }
            let written = CanonicalJSON.encode(envelope.json)
            precondition((try? Envelope(parsing: written, what: "")) == envelope)
        case .bundle:
            guard let bundle = try? SigstoreBundle(parsing: Array(bytes), what: "") else { return }
            precondition((try? SigstoreBundle(parsing: bundle.bytes, what: "")) == bundle)
            _ = bundle.statement.predicate
        case .provenance:
            // What is kept of a file is read as the same.
            for provenance in (try? Provenance.all(in: Array(bytes), what: "")) ?? [] {
                precondition((try? Provenance(parsing: provenance.bytes, what: "")) == provenance)
                _ = provenance.builder
            }
        case .note:
            _ = try? NoteVerifier(parsing: text())
            _ = try? LogPolicy(parsing: Array(bytes))
            if let request = try? WitnessRequest(parsing: Array(bytes)) {
                precondition((try? WitnessRequest(parsing: request.bytes)) == request)
            }
            guard let note = try? SignedNote(parsing: Array(bytes)) else { return }
            precondition((try? SignedNote(parsing: note.bytes)) == note)
            guard let checkpoint = try? Checkpoint(parsing: note.text) else { return }
            precondition((try? Checkpoint(parsing: checkpoint.text)) == checkpoint)
        case .excerpt:
            guard let excerpt = try? LogExcerpt(parsing: Array(bytes)) else { return }
            precondition(excerpt.bytes == Array(bytes))
        case .key:
            if let key = try? PublicKey(pem: Array(bytes)) {
                precondition((try? PublicKey(pem: Array(key.pem.utf8))) == key)
                precondition(!key.verifies([], of: []))
            }
            if let key = try? PrivateKey(pem: Array(bytes)) {
                let signature = try? key.sign([1])
                precondition(signature.map { key.publicKey.verifies($0, of: [1]) } == true)
            }
        case .policy: _ = try? RetentionPolicy(parsing: Array(bytes))
        case .request: Self.readRequests(bytes)
        case .target: Self.readTarget(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// The first byte is how the rest is cut into pieces: a reader must not depend on that.
    private static func pieces(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        guard let first = bytes.first else { return }
        var rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        let size = max(1, Int(first) * 8)
        while !rest.isEmpty {
            try body(UnsafeRawBufferPointer(rebasing: rest.prefix(size)))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(size))
        }
    }

    // What a path leads to is decoded once, and has nothing that ends a segment, a line or a text; what is written of it again
    // is the same.
    private static func readTarget(_ text: String) {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        if case .part(let range) = ByteRange(String(lines[0]), size: 1000) {
            precondition(range.lowerBound >= 0 && range.upperBound <= 1000 && !range.isEmpty)
        }
        guard let target = RequestTarget(String(lines[lines.count - 1])) else { return }
        for part in target.segments + target.parameters.flatMap({ [$0.name, $0.value] }) {
            precondition(part.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        }
        precondition(target.segments.allSatisfy { !$0.contains("/") })
        let written = "/" + target.segments.map(encoded).joined(separator: "/")
        if written.utf8.count <= RequestTarget.maximumLength {
            precondition(RequestTarget(written)?.segments == target.segments)
        }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let digits = String(byte, radix: 16)
            result += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
        }
    }

    // However the bytes are cut, the requests are the same, and a refusal is the last of them.
    private static func readRequests(_ bytes: UnsafeRawBufferPointer) {
        func events(_ add: (inout RequestParser, (inout RequestParser) -> Void) -> Void) -> [RequestParser.Event] {
            var parser = RequestParser(limits: RequestLimits())
            var events: [RequestParser.Event] = []
            add(&parser) { parser in
                while case let event = parser.next(), event != .needsMore {
                    if case .refused? = events.last { preconditionFailure("an event behind a refusal") }
                    events.append(event)
                }
            }
            return events
        }
        let whole = events { parser, read in
            parser.append(bytes.dropFirst())
            read(&parser)
        }
        let cut = events { parser, read in
            pieces(bytes) {
                parser.append($0)
                read(&parser)
            }
        }
        precondition(whole == cut)
    }

    private static func readTar(_ bytes: UnsafeRawBufferPointer) throws {
        var reader = TarReader()
        try pieces(bytes) { piece in
            var input = piece
            while try reader.next(&input) != nil {}
        }
        try reader.finish()
    }

    // Every member ends or fails before the next begins, and content belongs to one.
    private static func readArchive(_ bytes: UnsafeRawBufferPointer) throws {
        let prefix = UnsafeRawBufferPointer(rebasing: bytes.prefix(ArchiveFormat.prefixLength))
        let suffix = UnsafeRawBufferPointer(rebasing: bytes.suffix(ArchiveFormat.suffixLength))
        let appended: ArchiveFormat? = ArchiveFormat.endsAsZip(suffix) ? .zip : nil
        guard let format = ArchiveFormat(detecting: prefix) ?? appended else { return }
        var isOpen = false
        let budget = WorkBudget(bytes: 16 << 20)
        try ArchiveReader.read(bytes, as: format, name: Array("a.gz".utf8), budget: budget) { event in
            switch event {
            case .member(let member):
                precondition(!isOpen)
                isOpen = true
                _ = member.relativePath
            case .content(let piece): precondition(isOpen && !piece.isEmpty)
            case .end, .failed:
                precondition(isOpen)
                isOpen = false
            }
        }
    }

    private static func decompress(_ bytes: UnsafeRawBufferPointer, _ compression: Compression) throws {
        var decompressor = try Decompressor(compression)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { output.deallocate() }
        var total = 0
        try pieces(bytes) { piece in
            var input = piece
            while case let count = try decompressor.decompress(&input, into: output), count > 0 {
                total += count
                // A bomb is the caller's to stop.
                guard total < 16 << 20 else { return }
            }
        }
        try decompressor.finish()
    }
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Parser.chosen.parse(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}

/// libFuzzer's own loop (compiler-rt, `FuzzerInterface.h` and `FuzzerDriver.cpp`).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Stands in for `main`, as which the package manager links an executable's entry.
@_cdecl("fuzz_main")
package func fuzzMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, testOneInput)
}
