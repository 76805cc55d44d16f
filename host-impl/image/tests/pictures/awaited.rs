//! The other colour does the same.

use abide_image::{host, host_async};
use abide_image_host::{Bounds, Error, Filter, Format, Images, Limits, Picture, Pixels};

use super::{colours, files, size};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(future)
}

#[test]
fn what_is_awaited_is_the_same() {
    block_on(async {
        for (format, file) in files() {
            let (mut awaited, mut blocking) = (Images::default(), Images::default());
            let info = host_async::Codec::probe(&mut awaited, &file).await;
            assert_eq!(info, host::Codec::probe(&mut blocking, &file));
            let mut a = host_async::Codec::picture_decode(&mut awaited, &file)
                .await
                .unwrap();
            let mut b = host::Codec::picture_decode(&mut blocking, &file).unwrap();
            assert_eq!(
                host_async::codec::Picture::size(&mut a).await,
                host::codec::Picture::size(&mut b)
            );
            let changed = |mut b: Picture| {
                b = host::codec::Picture::resize(&mut b, size(9, 7), Filter::Bicubic).unwrap();
                b = host::codec::Picture::crop(&mut b, 1, 1, size(6, 5)).unwrap();
                b = host::codec::Picture::grayscale(&mut b).unwrap();
                let read = host::codec::Picture::read(&mut b, Pixels::Bgr8);
                (read, host::codec::Picture::encode(&mut b, format, 50))
            };
            a = host_async::codec::Picture::resize(&mut a, size(9, 7), Filter::Bicubic)
                .await
                .unwrap();
            a = host_async::codec::Picture::crop(&mut a, 1, 1, size(6, 5))
                .await
                .unwrap();
            a = host_async::codec::Picture::grayscale(&mut a).await.unwrap();
            let read = host_async::codec::Picture::read(&mut a, Pixels::Bgr8).await;
            let written = host_async::codec::Picture::encode(&mut a, format, 50).await;
            assert_eq!((read, written), changed(b));
            let load = host_async::Codec::load(&mut awaited, &file, size(5, 5), Pixels::Rgb8);
            assert_eq!(
                load.await,
                host::Codec::load(&mut blocking, &file, size(5, 5), Pixels::Rgb8)
            );
        }
    });
}

#[test]
fn errors_are_the_same() {
    use host_async::Codec as _;
    block_on(async {
        let mut images = Images::new(Limits {
            bytes: 1000,
            pixels: 100,
            pictures: 1,
            memory: 150,
            ..Limits::default()
        });
        let error = images.picture_decode(b"text").await.unwrap_err();
        assert_eq!(error, Error::UnknownFormat);
        let error = images.picture_decode(&[0; 1001]).await.unwrap_err();
        assert!(matches!(error, Error::Limit(_)), "{error:?}");
        let (_, png) = files().remove(1);
        let error = images.picture_decode(&png).await.unwrap_err();
        assert_eq!(error, Error::TooLarge(size(24, 16)));
        let data = &colours(4, 4)[1..];
        let error = images
            .picture_from_pixels(size(4, 4), Pixels::Rgb8, data)
            .await;
        assert!(matches!(error, Err(Error::Invalid(_))), "{error:?}");
        let _kept = images
            .picture_from_pixels(size(4, 4), Pixels::Gray8, &[0; 16])
            .await
            .unwrap();
        let error = images
            .picture_from_pixels(size(4, 4), Pixels::Gray8, &[0; 16])
            .await;
        assert!(matches!(error, Err(Error::Limit(_))), "{error:?}");
    });
}

#[test]
fn a_host_that_has_enough_to_do_says_so() {
    let images = Images::new(Limits {
        work: Bounds {
            at_a_time: 1,
            waiting: 0,
            ..Bounds::default()
        },
        ..Limits::default()
    });
    let mut one = images.clone();
    let side = 2048_u32;
    let pixels = vec![0; (side * side) as usize];
    let mut large =
        host::Codec::picture_from_pixels(&mut one, size(side, side), Pixels::Gray8, &pixels)
            .unwrap();
    let file = host::codec::Picture::encode(&mut large, Format::Png, 1).unwrap();
    // Of many at a time some find it at work.
    let busy = block_on(async {
        let tasks = (0..32).map(|_| {
            let (mut images, file) = (images.clone(), file.clone());
            tokio::spawn(async move {
                host_async::Codec::load(&mut images, &file, size(8, 8), Pixels::Gray8).await
            })
        });
        let mut busy = 0;
        for task in tasks.collect::<Vec<_>>() {
            match task.await.unwrap() {
                Ok(read) => assert_eq!(read, [0; 64]),
                Err(Error::Busy) => busy += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
        busy
    });
    assert!((1..32).contains(&busy), "{busy} of 32 were told so");
}
