"""Pictures of a training run on images."""

from explorer.concepts import diffusion


def test_every_view_of_images_is_the_same_size_from_frame_to_frame(digits, mnist):
    for snapshots, _ in (digits, mnist):
        for view in diffusion.VIEWS:
            frames = [diffusion.scene(s, view) for s in (snapshots[0], snapshots[8], snapshots[-1])]
            layouts = {tuple((p.title, p.kind, p.xlim, p.ylim) for p in f.panels) for f in frames}
            assert len(layouts) == 1
            assert all(frame.sentence and frame.readings for frame in frames)
