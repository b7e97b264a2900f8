import Foundation
import ImageFileSystem
import JSON

/// A layer's table of contents: what engines that pull lazily make files of.
///
/// eStargz and zstd:chunked write the same document.
struct TableOfContents {
    /// What the table says of one name.
    struct Entry {
        /// A stretch of a file, which is fetched and checked by itself.
        struct Chunk {
            let offset: Int64
            var count: Int64
            let digest: String?
            let isZeros: Bool
        }

        let kind: String
        let size: Int64
        let mode: Int64
        let uid: Int64
        let gid: Int64
        let link: [UInt8]
        let device: [Int64]
        let attributes: [[UInt8]: [UInt8]]
        let digest: String?
        var chunks: [Chunk]
    }

    /// Why a table can't be read, or be read in one way only.
    enum Fault: Error {
        case unreadable(String)
        case ambiguous(String)
    }

    let format: TableLocation.Format
    private(set) var entries: [FilePath: Entry] = [:]

    /// The most bytes of a table; containers/storage takes as many.
    static let largestSize = 50 << 20
    /// The name of an eStargz's table in the layer's own archive.
    static let stargzName = Array("stargz.index.json".utf8)

    /// Reads the document.
    init(_ bytes: [UInt8], format: TableLocation.Format) throws(Fault) {
        self.format = format
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes, limits: JSONDocument.Limits(size: Self.largestSize))
        } catch {
            throw .unreadable("\(error)")
        }
        if let odd = document.irregularities.first ?? document.ambiguities(as: Self.shape).first {
            throw .ambiguous("\(odd)")
        }
        guard let list = document.value["entries"], list.kind == .array else { throw .unreadable("it has no entries") }
        var last: FilePath?
        for item in list.elements { last = try add(item, behind: last) }
        for path in entries.keys { try checkChunks(path) }
    }

    private static let members: JSONMembers = [
        "type": .anything, "name": .anything, "linkName": .anything, "mode": .anything, "size": .anything,
        "uid": .anything, "gid": .anything, "userName": .anything, "groupName": .anything, "modtime": .anything,
        "accesstime": .anything, "changetime": .anything, "NumLink": .anything, "devMajor": .anything,
        "devMinor": .anything, "xattrs": .map(.anything), "digest": .anything, "offset": .anything,
        "endOffset": .anything, "innerOffset": .anything, "chunkSize": .anything, "chunkOffset": .anything,
        "chunkDigest": .anything, "chunkType": .anything,
    ]
    private static let shape = JSONShape.object([
        "version": .anything, "entries": .list(.object(members)), "tarSplitDigest": .anything,
    ])

    private mutating func add(_ item: JSONValueView, behind last: FilePath?) throws(Fault) -> FilePath {
        guard let kind = item["type"]?.string, let name = item["name"]?.string else {
            throw .unreadable("an entry has no type or no name")
        }
        guard let path = FilePath(name.utf8) else { throw .ambiguous("the name '\(name)' leads out of the root") }
        let chunk = Entry.Chunk(
            offset: try number(item, "chunkOffset"),
            count: try number(item, "chunkSize"),
            digest: item["chunkDigest"]?.string,
            isZeros: item["chunkType"]?.string == "zeros"
        )
        guard kind != "chunk" else {
            // Readers differ in whether a chunk belongs to the file before it, or to the one of its name.
            guard let last, last == path, entries[path]?.kind == "reg" else {
                throw .ambiguous("a chunk of '\(name)' doesn't follow its file")
            }
            entries[path]?.chunks.append(chunk)
            return path
        }
        var attributes: [[UInt8]: [UInt8]] = [:]
        for member in item["xattrs"]?.members ?? [] {
            guard let value = member.value.string.flatMap({ Data(base64Encoded: $0) }) else {
                throw .unreadable("an attribute of '\(name)' is not base64")
            }
            attributes[Array(member.name.utf8)] = Array(value)
        }
        let entry = Entry(
            kind: kind,
            size: try number(item, "size"),
            mode: try number(item, "mode"),
            uid: try number(item, "uid"),
            gid: try number(item, "gid"),
            link: Array((item["linkName"]?.string ?? "").utf8),
            device: [try number(item, "devMajor"), try number(item, "devMinor")],
            attributes: attributes,
            digest: item["digest"]?.string,
            chunks: kind == "reg" ? [chunk] : []
        )
        guard entries.updateValue(entry, forKey: path) == nil else {
            throw .ambiguous("'\(name)' stands there twice")
        }
        return path
    }

    private func number(_ item: JSONValueView, _ name: String) throws(Fault) -> Int64 {
        guard let value = item[name], !value.isNull else { return 0 }
        guard let number = value.int64, number >= 0 else { throw .unreadable("a '\(name)' isn't a number of its kind") }
        return number
    }

    // Chunks lie one after the other; one without a size runs to the file's end.
    private mutating func checkChunks(_ path: FilePath) throws(Fault) {
        guard var entry = entries[path], entry.kind == "reg" else { return }
        var position: Int64 = 0
        for index in entry.chunks.indices {
            let chunk = entry.chunks[index]
            guard chunk.offset == position else { throw .ambiguous("the chunks of \(path) leave gaps") }
            let count = chunk.count == 0 ? entry.size - position : chunk.count
            guard count >= 0, count <= entry.size - position else {
                throw .ambiguous("the chunks of \(path) are longer than the file")
            }
            entry.chunks[index].count = count
            position += count
        }
        guard position == entry.size else { throw .ambiguous("the chunks of \(path) are shorter than the file") }
        entries[path] = entry
    }
}
