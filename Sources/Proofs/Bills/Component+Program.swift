import ArtifactStore
import OCI
import Release
import SBOM
import SystemIO

extension BillOfMaterials.Component {
    /// A released file, and what it says of itself if it is a program that the store has.
    init(_ artifact: Artifact, in store: Store) {
        let key = artifact.key
        self.init(
            kind: key.isProgram ? .application : .file,
            name: key.isProgram ? key.name.text : "\(key.name)/\(key.file)",
            version: key.version.text,
            purl: PackageURL(releasedAs: key, digest: artifact.digest)
        )
        digest = artifact.digest
        properties = ["platform": "\(key.platform)", "release": "\(key.release)"]
        guard let file = try? store.openBlob(artifact.digest), let mapped = try? MappedFile(file) else { return }
        add(ProgramContents(mapped.bytes))
    }

    private mutating func add(_ contents: ProgramContents) {
        if let note = contents.package {
            var package = Self(kind: .application, name: note.name, version: note.version, purl: note.purl)
            package.properties["from"] = ".note.package"
            parts.append(package)
        }
        parts += contents.modules.map(Self.init)
        if !contents.loaded.isEmpty {
            properties["dlopen"] = contents.loaded.map(\.summary).joined(separator: "; ")
        }
        if contents.hasUnreadableCrates { properties["notRead"] = CrateList.section }
    }

    /// A module that a program was built from.
    private init(_ module: ProgramModule) {
        self.init(kind: .library, name: module.name, version: module.version, purl: module.purl)
        properties["ecosystem"] = module.ecosystem.rawValue
        properties["goSum"] = module.sum
        properties["replaces"] = module.replaces
        properties["source"] = module.source
        if module.isBuildOnly { properties["use"] = "build" }
    }
}
