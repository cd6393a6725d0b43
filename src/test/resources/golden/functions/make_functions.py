"""Writes functions.jsonl.gz: models of tf.keras whose layers are functions of TensorFlow, and what they give.

Made with TensorFlow 2.21, whose own copy of Keras 2.6 still makes such models. One line for each model: its config,
    weights,
inputs and outputs. "functions" are TFOpLambda and SlicingOpLambda, "nodes" TensorFlowOpLayer of graph mode.

    python make_functions.py functions > a.jsonl; python make_functions.py nodes > b.jsonl; cat a.jsonl b.jsonl | gzip
        -9n
"""

import json
import sys

import numpy as np
import tensorflow as tf
from tensorflow.python import keras
from tensorflow.python.keras import backend as K
from tensorflow.python.keras import layers as L

keras.__version__ = "2.6.0"
mode = sys.argv[1]
if mode == "nodes":
    tf.compat.v1.disable_eager_execution()
rng = np.random.default_rng(0)
cases = {}
I = keras.Input


def case(f):
    cases[f.__name__] = f
    return f


@case
def arith():
    a=I((5,),name='a'); b=I((5,),name='b')
    return [a,b],[a+b, a-b, a*b, a/b, 2.0*a, 1.0-a, 3.0/(b+2.0), a+1, -a, a**2, a//0.3, a%0.7, tf.abs(a),
        tf.maximum(a,b), tf.minimum(a,0.2), tf.math.squared_difference(a,b), tf.math.divide_no_nan(a,b),
        tf.pow(a+2.0,b), tf.add(a,[1.,2.,3.,4.,5.]), tf.subtract(a,b), tf.multiply(a,b), tf.divide(a,b+3.0),
        tf.math.floordiv(a,b+2.0), tf.math.floormod(a,b+2.0), tf.math.atan2(a,b), tf.add_n([a,b,a]),
        tf.math.scalar_mul(3.0,a), tf.math.multiply_no_nan(a,b), tf.realdiv(a,b+2.0), 2.0**a, 5.0//(b+2.0)]


@case
def unary():
    a=I((6,),name='a'); p=tf.abs(a)+0.1
    fs=[tf.exp, tf.sin, tf.cos, tf.tan, tf.math.sinh, tf.math.cosh, tf.tanh, tf.sigmoid, tf.nn.relu, tf.nn.relu6,
        tf.nn.elu, tf.nn.selu, tf.nn.gelu, tf.nn.silu, tf.nn.swish, tf.nn.leaky_relu, tf.nn.softplus, tf.nn.softsign,
        tf.nn.softmax, tf.nn.log_softmax, tf.math.log_sigmoid, tf.square, tf.sign, tf.floor, tf.math.ceil, tf.round,
        tf.math.rint, tf.math.erf, tf.math.expm1, tf.negative, tf.identity, tf.stop_gradient, tf.math.atan, tf.math.erfc,
        tf.zeros_like, tf.ones_like, tf.math.asinh, tf.nn.crelu, tf.math.softplus,
            tf.nn.tanh, tf.nn.sigmoid]
    gs=[tf.math.log, tf.sqrt, tf.math.rsqrt, tf.math.reciprocal, tf.math.log1p]
    return a,[f(a) for f in fs]+[g(p) for g in gs]+[tf.nn.softmax(a,axis=-1), tf.nn.gelu(a,approximate=True),
        tf.nn.leaky_relu(a,alpha=0.1), tf.clip_by_value(a,-0.2,0.3), tf.nn.l2_normalize(a,axis=-1),
        tf.math.l2_normalize(a,axis=1,epsilon=1e-3), tf.math.acosh(p+1.0), tf.math.acos(a*0.1), tf.math.asin(a*.1),
        tf.math.atanh(a*.1), tf.clip_by_norm(a, 0.5, axes=[1])]


@case
def reduce():
    a=I((4,6),name='a')
    return a,[tf.reduce_mean(a,axis=-1), tf.reduce_sum(a,axis=[1,2]), tf.reduce_max(a,axis=1,keepdims=True),
        tf.reduce_min(a,1), tf.reduce_prod(a,axis=2), tf.math.reduce_std(a,axis=1),
        tf.math.reduce_variance(a,axis=[1],keepdims=True), tf.reduce_logsumexp(a,axis=1), tf.norm(a,axis=-1),
        tf.norm(a,ord=1,axis=1,keepdims=True), tf.argmax(a,axis=-1), tf.argmin(a,axis=1,output_type=tf.int32),
        tf.cumsum(a,axis=1), tf.math.cumprod(a,axis=2), tf.cumsum(a,axis=1,reverse=True,exclusive=True),
        tf.math.l2_normalize(a,axis=[1,2]), tf.math.top_k(a,k=2)[0], tf.math.top_k(a,k=2).indices, tf.sort(a,axis=-1),
        tf.argsort(a,axis=-1), tf.math.reduce_euclidean_norm(a,axis=1), tf.nn.moments(a,axes=[1])[1],
        tf.nn.moments(a,axes=[1,2],keepdims=True)[0], tf.cast(tf.reduce_any(a>0.9,axis=1),'float32'),
        tf.cast(tf.reduce_all(a>-0.9,axis=1), tf.int32), tf.math.count_nonzero(a>0.0,axis=1),
        tf.sort(a,direction='DESCENDING')]


@case
def shapes():
    a=I((4,6),name='a'); s=tf.shape(a)
    return a,[tf.reshape(a,[-1,24]), tf.reshape(a,(s[0],-1)), tf.reshape(a,(-1,s[1]*s[2])),
        tf.reshape(a,[s[0],s[1],3,s[2]//3]), tf.expand_dims(a,1), tf.expand_dims(a,axis=-1),
        tf.squeeze(tf.expand_dims(a,2),axis=2), tf.squeeze(tf.expand_dims(a,2),[2]), tf.transpose(a,[0,2,1]),
        tf.transpose(a,perm=(0,2,1)), tf.stack([a,a],axis=1), tf.stack([a,a*2.0],-1), tf.concat([a,a],axis=-1),
        tf.concat([a,a],1), tf.concat([a],1), tf.split(a,2,axis=1)[1], tf.split(a,[2,4],axis=-1)[1],
        tf.unstack(a,axis=1)[2], tf.tile(a,[1,2,1]), tf.repeat(a,3,axis=1), tf.reverse(a,axis=[1]),
        tf.pad(a,[[0,0],[1,2],[0,1]]), tf.pad(a,[[0,0],[1,1],[1,1]],mode='REFLECT'),
        tf.pad(a,[[0,0],[1,1],[1,1]],constant_values=2.0), tf.roll(a,shift=1,axis=1), tf.gather(a,[0,2],axis=1),
        tf.gather(a,3,axis=-1), tf.slice(a,[0,1,2],[-1,2,3]), tf.strided_slice(a,[0,1,0],[2,3,6],[1,1,2]),
        tf.broadcast_to(a[:,:1],[s[0],4,6]), tf.reshape(a,[-1, tf.shape(a)[1],2,3]), tf.linalg.matrix_transpose(a),
        tf.linalg.diag_part(a), tf.reshape(a, tf.stack([s[0],2,12])), tf.reshape(a, tf.concat([s[:1],[2,12]],0)),
        tf.transpose(a), tf.one_hot(tf.cast(a*3.0, tf.int32)[:,0],4), tf.image.flip_left_right(tf.expand_dims(a,-1)),
        tf.linalg.band_part(a,-1,0)]


@case
def slices():
    a=I((4,6),name='a')
    return a,[a[:,0], a[...,0], a[:,-1,:], a[:,1:3], a[:,::2,1:], a[..., tf.newaxis], a[:, tf.newaxis], a[:,:,::-1],
        a[:,1:,:-1], a[:, :2, 0]]


@case
def compare():
    a=I((5,),name='a'); b=I((5,),name='b'); f=lambda t: tf.cast(t,'float32')
    return [a,b],[f(a>b), f(a>=0.0), f(a<b), f(a<=b), f(tf.equal(a,b)), f(tf.not_equal(a,b)),
        f(tf.logical_and(a>0,b>0)), f(tf.logical_or(a>0,b>0)), f(tf.logical_not(a>0)), tf.where(a>0,a,b),
        tf.where(tf.greater(a,b), tf.zeros_like(a),b), f((a>0)&(b>0)), f((a>0)|(b>0)), f(~(a>0)),
            f(tf.math.is_nan(a)),
        tf.cast(a*3.0, tf.int32), tf.cast(tf.cast(a*3.,'int32'), tf.float32), tf.where(a>0,1.0,0.0),
        f(tf.math.logical_xor(a>0,b>0)), tf.math.sigmoid(a), K.abs(a), K.maximum(a,b), f(tf.less(a,0.1)),
        tf.cast(a>0, tf.float32)*b, tf.dtypes.saturate_cast(a*300.0, tf.uint8)]


@case
def linear():
    a=I((4,6),name='a'); b=I((6,3),name='b'); w=rng.normal(size=(6,2)).astype('f')
    return [a,b],[tf.matmul(a,b), tf.matmul(a,a,transpose_b=True), tf.matmul(a,a,transpose_a=True), a@b,
        tf.linalg.matmul(a,w), tf.tensordot(a,w,axes=1), tf.tensordot(a,w,axes=[[2],[0]]),
        tf.linalg.matvec(a,b[:,:,0]), K.batch_dot(a,b), K.dot(a, tf.constant(w)),
        tf.nn.bias_add(a,[1.,2.,3.,4.,5.,6.]), tf.nn.softmax(tf.matmul(a,a,transpose_b=True)/np.sqrt(6.),axis=-1),
        tf.linalg.norm(a,axis=2), tf.linalg.trace(tf.matmul(a,a,transpose_b=True)), tf.linalg.normalize(a,axis=-1)[0]]


@case
def images():
    a=I((8,6,3),name='a')
    return a,[tf.image.resize(a,[16,12]), tf.image.resize(a,(4,3)), tf.image.resize(a,(5,7),method='nearest'),
        tf.image.resize(a,[16,12],method=tf.image.ResizeMethod.BICUBIC), tf.nn.space_to_depth(a,2),
        tf.nn.depth_to_space(tf.concat([a,a,a,a],-1),2), tf.nn.max_pool2d(a,2,2,'VALID'),
        tf.nn.avg_pool2d(a,3,1,'SAME'), tf.image.rgb_to_grayscale(a), tf.image.flip_up_down(a),
        tf.image.per_image_standardization(a), tf.nn.conv2d(a, rng.normal(size=(3,3,3,2)).astype('f'),
        strides=1,padding='SAME'), tf.nn.depthwise_conv2d(a, rng.normal(size=(3,3,3,2)).astype('f'),
        strides=[1,1,1,1],padding='VALID'), tf.image.central_crop(a,0.5), K.resize_images(a,2,2,'channels_last'),
        K.resize_images(a,2,2,'channels_last',interpolation='bilinear'), K.spatial_2d_padding(a),
        K.pool2d(a,(2,2),(2,2)), tf.nn.avg_pool(a,2,2,'VALID'), tf.nn.max_pool(a,[1,2,2,1],[1,2,2,1],'SAME'),
        tf.image.crop_to_bounding_box(a,1,2,4,3),
        tf.image.pad_to_bounding_box(a,1,1,12,12), tf.compat.v1.image.resize_bilinear(a,[16,12]),
        tf.compat.v1.image.resize_nearest_neighbor(a,[16,12]), tf.image.adjust_brightness(a,0.2),
        tf.image.extract_patches(a,[1,2,2,1],[1,2,2,1],[1,1,1,1],'VALID')]


@case
def resize_like():
    a=I((8,6,3),name='a'); b=I((4,4,3),name='b')
    return [a,b],[tf.image.resize(a, tf.shape(b)[1:3]), tf.image.resize(b,a.shape[1:3]), tf.ones_like(a)[:, :, :, :1]]


@case
def positions():
    a=I((7,),dtype='int32',name='a'); e=L.Embedding(10,4)(a); n=tf.shape(a)[-1]; pos=tf.range(start=0,limit=n,delta=1)
    p=L.Embedding(7,4)(pos)
    return a,[e+p, e*tf.math.sqrt(tf.cast(4, tf.float32)),
        tf.cast(tf.math.equal(a,0), tf.float32)[:, tf.newaxis, tf.newaxis,:], tf.one_hot(a,10),
        tf.nn.embedding_lookup(rng.normal(size=(10,3)).astype('f'),a),
        tf.gather(rng.normal(size=(10,3)).astype('f'),a), tf.cast(a,'float32')/255.,
        e*tf.cast(tf.expand_dims(a,-1),'float32')]


@case
def joined():
    x=I((7,4),name='x'); s=tf.shape(x); b=s[0]; f=L.Dense(10)(tf.reshape(x,[-1,4]))
    q=tf.transpose(tf.reshape(x,(b,-1,2,2)),perm=[0,2,1,3]); k=q
    sc=tf.matmul(q,k,transpose_b=True)/tf.math.sqrt(tf.cast(tf.shape(k)[-1], tf.float32))
    at=tf.matmul(tf.nn.softmax(sc,axis=-1),q)
    o=tf.reshape(tf.transpose(at,perm=[0,2,1,3]),(b,-1,4))
    return x,[tf.reshape(f,[b,-1,10]), tf.reshape(f,[b,7,10]), tf.reshape(f,[b,s[1]*10]), tf.reshape(f,[b,7,-1,2]), o,
        tf.range(s[1])+tf.zeros_like(x[:,:,0],dtype='int32'), tf.zeros([s[1],4])+x, tf.cast(s[1], tf.float32)*x]


@case
def masks():
    a=I((7,),dtype='int32',name='a')
    e=L.Embedding(10,4,mask_zero=True)(a)
    h=L.Dense(3)(e)
    m=tf.cast(tf.not_equal(a,0),'float32')
    s=tf.reduce_sum(h*tf.expand_dims(m,-1),axis=1)/tf.reduce_sum(m,axis=1,keepdims=True)
    return a,[s, tf.reduce_mean(h,axis=1)]


@case
def vae():
    x=I((6,),name='x'); m=L.Dense(3,name='m')(x); v=L.Dense(3,name='v')(x)
    return x,[m+tf.exp(0.5*v), -0.5*tf.reduce_sum(1.0+v-tf.square(m)-tf.exp(v),axis=-1), m+K.exp(v/2)*0.0]


@case
def dynamic():
    x=I((None,4),name='x'); s=tf.shape(x); b=s[0]
    return x,[tf.reshape(x,[b,-1]), tf.reshape(x,[-1,4]), tf.reshape(tf.reshape(x,[-1,4]),[b,s[1],4]),
        tf.reshape(x,[b,s[1],2,2]), tf.reshape(L.Dense(10)(tf.reshape(x,[-1,4])),[b,-1,10]),
        tf.reshape(L.Dense(10)(tf.reshape(x,[-1,4])),[-1,s[1],10]), tf.transpose(tf.reshape(x,(b,-1,2,2)),[0,2,1,3]),
        tf.zeros([b,3])+tf.reduce_sum(x,axis=1)[:,:3], tf.reduce_sum(x,axis=1)/tf.cast(s[1], tf.float32),
        tf.tile(tf.ones([1,2,4]),[b,1,1])+x[:,:1], tf.concat([tf.zeros((b,1,4)),x],axis=1),
        tf.fill([b,2],3.0)+x[:,0,:2], tf.expand_dims(tf.range(s[1]),0)]
def stored(a):
    a = np.asarray(a)
    values = [float("%.6g" % v) if a.dtype.kind == "f" else int(v) for v in a.ravel()]
    return {"shape": list(a.shape), "values": values, "dtype": str(a.dtype)}


for name, make in cases.items():
    K.clear_session()
    ins, outs = make()
    model = keras.Model(ins, outs)
    xs = []
    for i in model.inputs:
        shape = [2] + [5 if d is None else d for d in i.shape[1:]]
        xs.append(rng.integers(0, 7, size=shape).astype("int32") if i.dtype == "int32"
                  else rng.uniform(-1, 1, size=shape).astype("f"))
    if mode == "nodes":
        ys = K.get_session().run(model.outputs, dict(zip(model.inputs, xs)))
    else:
        ys = model([tf.constant(x) for x in xs] if len(xs) > 1 else tf.constant(xs[0]))
        ys = ys if isinstance(ys, (list, tuple)) else [ys]
    print(json.dumps({
        "name": mode + " " + name,
        "model": model.to_json(),
        "weights": [stored(w) for w in model.get_weights()],
        "inputs": [stored(x) for x in xs],
        "outputs": [stored(y) for y in ys],
    }, separators=(",", ":")))
