import ArtifactStore
import ContentAddress
import ELF
import SBOM
import SystemIO

/// The crates that a released Rust program was built from.
enum RustCrates {
    /// For each crate its versions; empty for a program that doesn't say.
    static func versions(
        _ facts: BinaryFacts,
        of digest: Digest,
        in store: Store
    ) throws(StoreError) -> [String: String] {
        guard let range = facts.elf.sections.first(where: { $0.name == CrateList.section })?.fileRange else {
            return [:]
        }
        guard range.count <= CrateList.largestSize else { return unreadable }
        return read(try bytes(range, of: digest, in: store)) ?? unreadable
    }

    private static let unreadable = [CrateList.section: "can't be read"]

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
        guard let crates = section.withUnsafeBytes(CrateList.read) else { return nil }
        var versions: [String: Set<String>] = [:]
        for crate in crates {
            // What only ran while it was built is not in the program.
            let remarks = (crate.isBuildOnly ? ["build"] : []) + (crate.source.map { [$0] } ?? [])
            let remark = remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))"
            versions[crate.name, default: []].insert((crate.version ?? "") + remark)
        }
        return versions.mapValues { $0.sorted().joined(separator: ", ") }
    }
}
