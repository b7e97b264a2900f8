import ArgumentParser
import ArtifactStore
import Foundation
import ImageAssembler
import OCI
import Proofs
import Release

/// A value of `--build-context`: a name, and the image or release that it stands for.
struct BuildContextOption: Sendable {
    let name: String
    let content: ReleaseOrImage

    /// `NAME=IMAGE`, as Docker has it with `docker-image://` before the image, or `NAME=RELEASE`.
    @Sendable static func parse(_ text: String) throws -> BuildContextOption {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw ValidationError("'\(text)' is not a build context: name=image or name=release is expected")
        }
        let name = String(text[..<equals])
        var value = String(text[text.index(after: equals)...])
        let scheme = "docker-image://"
        if value.hasPrefix(scheme) {
            value.removeFirst(scheme.count)
        } else if let range = value.range(of: "://") {
            throw ValidationError(
                "--build-context \(name): '\(value[..<range.upperBound])' can't be read: give an image of the store or a release"
            )
        }
        let content = try Arguments.releaseOrImage(value)
        if case .release = content, !isDirectoryName(name) {
            throw ValidationError(
                "--build-context \(name): the name of a release's files has letters, digits, '.', '_' and '-' only"
            )
        }
        if (try? ImageReference(parsing: name.lowercased())) == nil {
            throw ValidationError("--build-context \(name): '\(name)' is neither a stage's name nor an image's")
        }
        return BuildContextOption(name: name, content: content)
    }

    private static func isDirectoryName(_ name: String) -> Bool {
        name.first.map { $0.isLetter || $0.isNumber } ?? false
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    /// What the names stand for, with the releases' files out of a store.
    static func contexts(_ options: [BuildContextOption], orDraft: Bool, in store: Store) throws -> NamedContexts {
        var contexts = NamedContexts()
        for option in options {
            let content: NamedContexts.Content
            switch option.content {
            case .image(let reference): content = .image("\(reference)")
            case .release(let release):
                let artifacts = try store.artifacts(of: release, orDraft: orDraft)
                guard !artifacts.isEmpty else { throw store.nothing(of: release) }
                try SealRule.check([release], in: store, warn: Output.warning)
                try RevocationRule.check([release], refusing: RevocationRule.building, in: store)
                content = .release(artifacts)
            }
            guard contexts.add(option.name, content) else {
                throw UsageError(description: "--build-context \(option.name) is given twice")
            }
        }
        return contexts
    }
}
