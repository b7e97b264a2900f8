import ContentAddress
import ImageFileSystem
import OCI

/// One platform's image after its layers have passed: the tree, and what was seen on the way.
struct ScannedImage {
    let manifestDigest: Digest
    var configDigest: Digest
    /// What its config says; parts that aren't there are `unknown`.
    var platform = unknown
    var parsedPlatform: Platform?
    /// Whether the config itself names a variant of the processor.
    var namesVariant = false
    var execution: ImageConfig.Execution?
    /// The manifest's annotations.
    var annotations: [String: String] = [:]
    /// What annotations of layers and records of contexts say of files.
    var claims: [FileClaim] = []
    /// The recipes in the layers' annotations, or the digests of long ones.
    var recipes: [(layer: Int, text: String)] = []
    /// What of the files was copied out of known bases.
    var copies: [BaseCopy] = []
    var diffIDs: [Digest] = []
    var layers: [LayerFacts] = []
    private(set) var findings: [Finding] = []
    /// What keeps the image from a verdict, whether or not the list of findings has room for it.
    var doubts: Doubt = []
    /// Contents that lower layers brought and later ones replaced or removed, with the layer that did, in order.
    var hidden: [(path: FilePath, old: Inode, layer: Int)] = []
    /// Everything but directories that a later layer took away or replaced.
    var touched: [(path: FilePath, oldLayer: Int, layer: Int)] = []
    private(set) var tree: FileTree
    /// Whether it comes from a record, which has no modes and owners of directories.
    var isRecorded = false

    /// For each pair of layers so many are kept in a record: what is said of a touched base names no more.
    static let touchedCount = 100
    // A damaged or hostile layer can give rise to a finding for each of its entries: enough is enough.
    private static let largestFindingCount = 1000

    /// An image of which nothing is known yet but a tree.
    init(manifest: Digest, tree: FileTree) {
        manifestDigest = manifest
        configDigest = manifest
        self.tree = tree
    }

    /// Whether nothing is known of its files, since a budget was spent.
    var isCutShort: Bool { doubts.contains(.incomplete) && tree.count == 0 }

    /// Adds a finding, where the list has room for it or it brings a doubt, and its doubt in any case.
    mutating func add(_ finding: Finding) {
        let isNews = !doubts.isSuperset(of: finding.code.doubt)
        doubts.formUnion(finding.code.doubt)
        if findings.count < Self.largestFindingCount || isNews { findings.append(finding) }
    }

    /// Lets go of the files.
    mutating func forget(limits: FileTree.Limits) {
        tree = FileTree(limits: limits)
        hidden = []
        touched = []
    }
}
