package import Archive
package import ArtifactStore
import ContentAddress
import OCI
import Release

extension ImageBuilder {
    /// Derives the layers of a plan's image and keeps them in the store, with no image: the first build compresses
    /// nothing then.
    ///
    /// Gives how many weren't there. A collection takes those that no image has; they are derived again when needed.
    /// Throws ``AssemblerError/plan(path:_:)`` for what can't be built, with nothing written.
    @discardableResult
    package func prepare(_ plan: ContextPlan, path: String, options: Options) throws(AssemblerError) -> Int {
        let (_, batch, layers, _) = try assemble(plan, path: path, options: options, isFresh: false)
        do throws(StoreError) {
            guard !layers.isEmpty else { return 0 }
            try store.commit(batch, image: nil, layers: layers)
        } catch {
            throw .store(error)
        }
        return layers.count
    }

    /// Derives the layer that most Dockerfiles make of each released program: the file at the root, under the last
    /// component of its release's name, with the mode it was put with; owned by root.
    ///
    /// That is `COPY --chmod=755 agent-linux-${TARGETARCH} /agent` of a program. Files of platform `any` have no usual
    /// place. Gives how many layers weren't there.
    @discardableResult
    package func prepare(
        _ artifacts: [Artifact],
        epoch: Int64 = 0,
        compression: CompressionRecipe = .standard
    ) throws(AssemblerError) -> Int {
        let plans = artifacts.filter { $0.key.platform != .any }.map { artifact in
            let node = FileNode(
                kind: .file(.blob(artifact.digest, size: artifact.size)),
                mode: artifact.mode,
                modified: epoch
            )
            return LayerPlan(
                entries: [LayerPlan.Entry(path: artifact.key.name.lastComponent, node: node)],
                compression: compression
            )
        }
        let batch: BlobBatch
        do { batch = try store.beginBatch() } catch { throw .store(error) }
        let new = try derive(plans, batch, isFresh: false).new
        do throws(StoreError) {
            if !new.isEmpty { try store.commit(batch, image: nil, layers: new) }
        } catch {
            throw .store(error)
        }
        return new.count
    }
}
