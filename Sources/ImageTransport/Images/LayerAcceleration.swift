import JSON
package import OCI

/// What makes engines with a snapshotter or an unpacker of its own make files of something else than a layer's archive.
package enum LayerAcceleration {
    /// The digest of an eStargz' table of contents, which the audit compares with the archive.
    package static let tableOfContentsKey = "containerd.io/snapshot/stargz/toc.digest"

    /// The artifact type of what nydus-snapshotter mounts in place of the image that it refers to.
    package static let nydusType = "application/vnd.nydus.image.manifest.v1+json"

    private static let prefix = "containerd.io/snapshot"

    /// Whether an annotation leads a snapshotter to other files than the layer's.
    static func isRedirected(_ layer: Descriptor) -> Bool {
        (layer.annotations ?? [:]).keys.contains { $0.hasPrefix(prefix) && $0 != tableOfContentsKey }
    }

    /// Whether nydus-snapshotter mounts a manifest that refers to an image in the image's place, whatever its type is.
    package static func isMounted(_ referrer: ImageManifest) -> Bool {
        referrer.layers.last.map(isRedirected) == true
    }

    /// Whether nydus-snapshotter may mount what a document says that refers to an image, or that may: by its `subject`,
    /// unless a registry lists it.
    ///
    /// Go reads more than the strict reader does, so that one which is refused here, and has layers, isn't ruled out.
    package static func mayBeMounted(_ referrer: ImageDocument, isListed: Bool) -> Bool {
        if let manifest = try? referrer.manifest() { return isMounted(manifest) }
        guard let value = try? JSONDocument(referrer.bytes).value else {
            return isListed || mayHave(["layers", "subject"], referrer.bytes)
        }
        let members = value.members.filter { !$0.value.isNull }
        func has(_ name: String) -> Bool { members.contains { JSONFolding.fold($0.name) == name } }
        return has("layers") && (isListed || has("subject"))
    }

    /// Whether readers of JSON in engines may find other entries in a list of referrers than the strict reader, which takes
    /// it, finds.
    package static func isListAmbiguous(_ list: [UInt8]) -> Bool {
        guard let reading = try? DocumentReading<AnyDocument>(list, as: .index, what: "a list") else { return false }
        return reading.ambiguity != nil && mayList(list)
    }

    /// Whether engines may find entries in an answer that the strict reader doesn't take for a list.
    ///
    /// Such an answer is an object whose `manifests` aren't empty; a page, a message and a list of nothing are none.
    package static func mayList(_ answer: [UInt8]) -> Bool {
        if let value = try? JSONDocument(answer).value {
            return value.members.contains { member in
                JSONFolding.fold(member.name) == "manifests" && !member.value.elements.isEmpty
            }
        }
        return mayHave(["manifests"], answer)
    }

    // Whether bytes that the strict reader refuses, such as for their depth, may be an object with members of these names.
    private static func mayHave(_ names: [String], _ bytes: [UInt8]) -> Bool {
        guard bytes.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") else { return false }
        let text = JSONFolding.fold(String(decoding: bytes, as: UTF8.self))
        return names.allSatisfy { text.contains($0) }
    }

    /// Why the archive doesn't say what such an engine shows; none for ordinary layers.
    package static func reasons(_ layer: Descriptor) -> [String] {
        var reasons: [String] = []
        if !MediaType.isLayer(layer.mediaType) {
            reasons.append(
                "its media type '\(layer.mediaType)' is not an archive's: engines that know it make files in another way, which "
                    + "isn't looked at"
            )
        }
        // containerd hands these to whatever snapshotter it was configured with (overlaybd, nydus and others).
        for key in (layer.annotations ?? [:]).keys.sorted()
        where key.hasPrefix(prefix) && key != tableOfContentsKey {
            reasons.append(
                "its annotation '\(key)' tells containerd's snapshotters where to find the files; that place isn't looked at"
            )
        }
        return reasons
    }
}
