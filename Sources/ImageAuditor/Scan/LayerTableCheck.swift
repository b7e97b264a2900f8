import Archive
import ContentAddress
import ImageTransport
import OCI

/// Compares a layer with the table of contents that its annotations or its last bytes lead to.
///
/// The layer is read once more for it, since the table stands behind what it describes.
struct LayerTableCheck {
    let source: any ImageSource
    let layer: Descriptor
    let number: Int
    let diffID: Digest
    let budget: WorkBudget

    /// What differs, or wasn't compared; nothing where table and archive agree, and where there is no table.
    func findings(tail: [UInt8]) throws(TransportError) -> [Finding] {
        let location: TableLocation
        switch TableLocation.search(layer, tail: tail) {
        case .none: return []
        case .found(let found): location = found
        case .missing(let format):
            return [notRead(format, "an annotation leads to it, and it isn't where that says")]
        case .differing(let format):
            return [differs(format, "the annotation leads to another place than the layer's last bytes")]
        }
        do {
            let table = try TableReader(source: source, layer: layer, budget: budget).read(location)
            return try compare(table)
        } catch let error as TransportError {
            throw error
        } catch TableOfContents.Fault.unreadable(let reason) {
            return [notRead(location.format, reason)]
        } catch TableOfContents.Fault.ambiguous(let reason) {
            return [differs(location.format, reason)]
        } catch {
            return [notRead(location.format, "\(error)")]
        }
    }

    private func compare(_ table: TableOfContents) throws(TransportError) -> [Finding] {
        let stream = LayerStream(of: source, layer, diffID: diffID, budget: budget)
        let what = "layer \(layer.digest.short)"
        var comparison = TableComparison(table)
        var reader = TarReader(appliesGlobalHeaders: false)
        var content = ContentReader([])
        var isFile = false
        while let bytes = try stream.next() {
            var input = bytes
            while let event = try next(&reader, &input, what) {
                switch event {
                case .entry(let entry):
                    comparison.begin(entry)
                    isFile = entry.kind == .file
                    content = ContentReader([])
                case .content(let piece):
                    comparison.take(piece)
                    content.take(piece)
                case .hole(let count):
                    do { try budget.take(count, .bytes) } catch { throw .spent(what: what, error) }
                    comparison.takeZeros(count)
                    content.takeZeros(count)
                case .endOfEntry:
                    let (digest, _) = content.finish()
                    content = ContentReader([])
                    if isFile { comparison.end(digest) }
                case .globalHeader, .endOfArchive: break
                }
            }
            do { try reader.count(in: budget) } catch { throw .spent(what: what, error) }
        }
        comparison.finish()
        return comparison.differences.map { Finding(.tableOfContents, layer: number, path: $0.path, $0.reason) }
    }

    private func next(
        _ reader: inout TarReader,
        _ input: inout UnsafeRawBufferPointer,
        _ what: String
    ) throws(TransportError) -> TarEvent? {
        do { return try reader.next(&input) } catch { throw .archive(what: what, error) }
    }

    private func notRead(_ format: TableLocation.Format, _ reason: String) -> Finding {
        Finding(
            .notRead,
            layer: number,
            "the layer has a table of contents (\(format.rawValue)) by which some engines make files without reading the "
                + "archive; it can't be compared with the archive: \(reason)",
            found: format.rawValue
        )
    }

    private func differs(_ format: TableLocation.Format, _ reason: String) -> Finding {
        Finding(
            .tableOfContents,
            layer: number,
            "engines that pull lazily make files of the layer's table of contents (\(format.rawValue)), and \(reason)",
            found: format.rawValue
        )
    }
}
