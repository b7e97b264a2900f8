import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release
import SystemIO

/// What `put --dry-run` shows: each file with the key that it would get.
struct PutPreview {
    private let rows: [(source: String, preview: PutRequest.Preview)]

    init(_ requests: [PutRequest]) throws {
        rows = try requests.map { request in
            guard case .path(let path) = request.source else {
                throw UsageError(description: "--dry-run reads no standard input")
            }
            let preview = try request.preview()
            if let expected = request.expectedDigest {
                let found = try File.open(path).digest()
                guard found == expected else {
                    throw StoreError.otherBytes(path: path, expected: expected, found: found)
                }
            }
            return (request.sourceName, preview)
        }
        let keys = Dictionary(grouping: rows, by: \.preview.key)
        for row in rows {
            guard let same = keys[row.preview.key], same.count > 1 else { continue }
            throw StoreError.duplicateKey(row.preview.key, paths: same.map(\.source))
        }
    }

    func print(json: Bool) throws {
        if json { return try Output.json(["files": rows.map { Shape(source: $0.source, preview: $0.preview) }]) }
        var table = Table([
            ("NAME", .left), ("VERSION", .left), ("PLATFORM", .left), ("FILE", .left), ("MODE", .left),
            ("SIZE", .right), ("FROM", .left),
        ])
        for (source, preview) in rows {
            table.add(
                preview.key.name.text,
                preview.key.version.text,
                preview.key.platform.description,
                preview.key.file.text,
                FileMode.text(preview.mode),
                ByteCount.text(preview.size),
                source
            )
        }
        table.print()
    }

    private struct Shape: Encodable {
        let source: String
        let name: String
        let version: String
        let platform: String
        let file: String
        let fileName: String
        let mode: String
        let size: Int64

        init(source: String, preview: PutRequest.Preview) {
            self.source = source
            name = preview.key.name.text
            version = preview.key.version.text
            platform = preview.key.platform.description
            file = preview.key.file.text
            fileName = preview.fileName
            mode = FileMode.text(preview.mode)
            size = preview.size
        }
    }
}
