import Archive
import ArtifactStore
import ContentAddress
import ELF
import JSON
import SystemIO

/// The crates that a Rust program was built from, as cargo-auditable writes them into it (rust-secure-code/cargo-auditable,
/// PARSING.md).
enum RustCrates {
    private static let sectionName = ".dep-v0"
    // What cargo-auditable's own reader takes.
    private static let largestSize = 8 << 20

    /// For each crate its versions; empty for a program that doesn't say.
    static func versions(
        _ facts: BinaryFacts,
        of digest: Digest,
        in store: Store
    ) throws(StoreError) -> [String: String] {
        guard let range = facts.elf.sections.first(where: { $0.name == sectionName })?.fileRange else { return [:] }
        guard range.count <= largestSize else { return unreadable }
        return read(try bytes(range, of: digest, in: store)) ?? unreadable
    }

    private static let unreadable = [sectionName: "can't be read"]

    private static func bytes(
        _ range: Range<Int>,
        of digest: Digest,
        in store: Store
    ) throws(StoreError) -> [UInt8] {
        let file = try store.openBlob(digest)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 16)
        defer { buffer.deallocate() }
        var position = 0
        while position < range.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[position...])
            let count: Int
            do { count = try file.read(into: rest, at: Int64(range.lowerBound + position)) } catch {
                throw .system(error)
            }
            guard count > 0 else { break }
            position += count
        }
        return Array(buffer[..<position])
    }

    private static func read(_ section: [UInt8]) -> [String: String]? {
        let text = section.withUnsafeBytes { try? ZlibStream.decompress($0, limit: largestSize) }
        let limits = JSONDocument.Limits(size: largestSize)
        guard let text, let document = try? JSONDocument(text, limits: limits),
            let packages = document.value["packages"], packages.kind == .array
        else { return nil }
        var versions: [String: Set<String>] = [:]
        for package in packages.elements {
            guard let name = package["name"]?.string, let version = package["version"]?.string else { return nil }
            // What only ran while it was built is not in the program.
            let isBuild = package["kind"]?.string == "build"
            let source = package["source"]?.string.flatMap { $0 == "crates.io" ? nil : $0 }
            let remarks = (isBuild ? ["build"] : []) + (source.map { [$0] } ?? [])
            let remark = remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))"
            versions[name, default: []].insert(version + remark)
        }
        return versions.mapValues { $0.sorted().joined(separator: ", ") }
    }
}
