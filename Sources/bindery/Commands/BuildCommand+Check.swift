import ArtifactStore
import ContentAddress
import ImageAssembler
import ImageTransport
import OCI
import Printable

extension BuildCommand {
    /// Derives the image again and says where it differs from another.
    func compare(
        _ plan: ContextPlan,
        _ settings: ImageBuilder.Options,
        with text: String,
        _ store: Store
    ) throws {
        let location = try ImageLocation(parsing: text)
        let source: any ImageSource =
            if case .store(let name) = location {
                try StoreSource(store: store, reference: ImageReference(parsing: name))
            } else {
                try ImageSources.open(location, registries: registry.access)
            }
        var settings = settings
        if derivation == nil { settings.derivation = try ImageComparison.derivation(of: source) }
        settings.stating = try stating(plan, settings, store)
        let progress = Progress("compressing", total: nil)
        progress.watch(&settings)
        let image = try ImageBuilder(store: store).derive(plan, path: build.file, options: settings)
        progress.finish()
        build.warnOfUnused(plan, image, settings.buildArguments)
        let difference = try ImageComparison(image).firstDifference(with: source)
        if options.json {
            try Output.json(CheckShape(digest: image.digest, same: difference == nil, difference: difference))
        } else if let difference {
            Output.line("different: \(difference)")
        } else {
            Output.line("\(image.digest)  the same, derived again")
        }
        if difference != nil { throw ExitStatus.no }
    }

    private struct CheckShape: Encodable {
        let digest: Digest
        let same: Bool
        let difference: String?
    }
}

extension Progress {
    /// Shows how far the making of layers is.
    func watch(_ options: inout ImageBuilder.Options) {
        options.begins = { self.expect($0) }
        options.passed = { self.add($0) }
    }
}
