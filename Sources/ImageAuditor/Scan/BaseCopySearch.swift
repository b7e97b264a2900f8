import ArtifactStore
import ContentAddress
import ImageFileSystem
import ImageTransport
import OCI
import Release

/// Finds the files that `build` copied out of known bases (`COPY --from`), by the recipes of their layers.
///
/// A recipe is only a claim: a file counts as the base's where the base, read from the store, has its bytes under mode,
/// owner and attributes that are not narrower, and no lower layer of the image has anything at its path. Under a released
/// program's name, and in /etc, it must have that name in the base, too.
struct BaseCopySearch {
    let store: Store
    let options: AuditOptions
    let names: ReleasedNames

    /// What a recipe says of a file or symbolic link that it doesn't give the bytes of.
    private struct Claim {
        let path: FilePath
        let layer: Int
        /// The base's layer that has a file's bytes; nil for a link.
        let source: Digest?
    }

    /// More entries than these of all recipes aren't looked at.
    private static let largestCount = 65_536
    private static let largestRecipe = 16 << 20

    /// The copies in an image; none where no recipe names a layer of a known base.
    func copies(in image: ScannedImage) throws -> [BaseCopy] {
        let claims = try claims(of: image)
        let sources = Set(claims.compactMap(\.source))
        let bases = options.bases.filter { !sources.isDisjoint(with: $0.diffIDs) }
        guard !bases.isEmpty else { return [] }
        let touched = Set(image.touched.map(\.path))
        var copies: [BaseCopy] = []
        var seen: Set<Digest> = []
        for base in bases where seen.insert(base.digest).inserted {
            guard let files = try BaseFiles(base, in: store, options: options) else { continue }
            let layers = Set(claims.filter { $0.source.map(base.diffIDs.contains) == true }.map(\.layer))
            for claim in claims where layers.contains(claim.layer) && !touched.contains(claim.path) {
                if let source = claim.source, !base.diffIDs.contains(source) { continue }
                guard let node = image.tree.node(at: claim.path, following: .parents), node.inode.layer == claim.layer,
                    files.cover(node, of: image.tree, at: claim.path, keepsName: keepsName(claim.path))
                else { continue }
                copies.append(BaseCopy(path: RecordedPath(claim.path), base: base.digest))
            }
        }
        return copies
    }

    // What a name means there is none of the base's doing.
    private func keepsName(_ path: FilePath) -> Bool {
        names.fitting(program: path.lastName) != nil || path.components.first?.elementsEqual("etc".utf8) == true
    }

    private func claims(of image: ScannedImage) throws -> [Claim] {
        var claims: [Claim] = []
        for (layer, text) in image.recipes {
            guard case .object(let recipe)? = try recipe(text), case .array(let entries)? = recipe["entries"] else {
                continue
            }
            for case .object(let entry) in entries.prefix(Self.largestCount - claims.count) {
                guard case .string(let path)? = entry["path"], let path = FilePath(path.utf8) else { continue }
                switch (entry["type"], entry["layer"]) {
                case (.string("file"), .string(let source)):
                    guard let source = try? Digest(parsing: source) else { continue }
                    claims.append(Claim(path: path, layer: layer, source: source))
                case (.string("symlink"), nil): claims.append(Claim(path: path, layer: layer, source: nil))
                default: continue
                }
            }
        }
        return claims
    }

    // A long recipe stands in the store that made it, by its digest.
    private func recipe(_ text: String) throws(StoreError) -> JSONValue? {
        guard let digest = try? Digest(parsing: text) else { return try? JSONValue(parsing: Array(text.utf8)) }
        let bytes: [UInt8]
        do throws(StoreError) {
            bytes = try store.readBlob(digest, limit: Self.largestRecipe)
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
        return try? JSONValue(parsing: bytes)
    }
}

/// The files and links of a base in the store.
private struct BaseFiles {
    private struct Link: Hashable {
        let name: [UInt8]
        let target: [UInt8]
    }

    private var files: [Digest: [(name: [UInt8], inode: Inode)]] = [:]
    // The contents that links lead to.
    private var links: [Link: Set<Digest>] = [:]
    private var linkTargets: [FilePath: [UInt8]] = [:]

    /// Nil where the store doesn't have the whole base, or its layers have no single reading.
    init?(_ base: KnownBase, in store: Store, options: AuditOptions) throws {
        let image: ScannedImage
        do throws(TransportError) {
            let source = try StoreSource(store: store, manifest: base.digest)
            image = try ImageScanner.scan(source.root(), of: source, options: options)
        } catch {
            guard case .notFound = error else { throw error }
            return nil
        }
        guard image.doubts.isEmpty, image.diffIDs == base.diffIDs else { return nil }
        image.tree.forEachNode { node in
            if let digest = node.inode.digest { files[digest, default: []].append((node.name, node.inode)) }
            guard node.inode.kind == .symbolicLink else { return }
            let path = node.path
            linkTargets[path] = node.inode.target
            if let digest = image.tree.inode(at: path)?.digest {
                links[Link(name: node.name, target: node.inode.target), default: []].insert(digest)
            }
        }
    }

    /// Whether the base has the same, with mode, owner and attributes that are not narrower; a link at the same path, or to the
    /// same content.
    func cover(_ node: TreeNode, of tree: FileTree, at path: FilePath, keepsName: Bool) -> Bool {
        let inode = node.inode
        guard let digest = inode.digest else {
            guard inode.kind == .symbolicLink else { return false }
            if linkTargets[path] == inode.target { return true }
            let contents = links[Link(name: path.lastName, target: inode.target)] ?? []
            return tree.inode(at: path)?.digest.map(contents.contains) == true
        }
        return files[digest, default: []].contains { name, own in
            (!keepsName || name == path.lastName) && inode.mode & ~own.mode == 0 && inode.uid == own.uid
                && inode.gid == own.gid
                && inode.extendedAttributes.allSatisfy { own.extendedAttributes[$0.key] == $0.value }
        }
    }
}
