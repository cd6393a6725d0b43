package org.keras4j.saving.tensorflow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of TensorFlow's graph as a layer, {@code TensorFlowOpLayer}: its config holds the node with its attributes, and
 * the inputs that are constants by their position.
 */
final class GraphNode {
    /** The node's type, the function that does the same, and what the inputs after the first are called there. */
    private static final Map<String, String> FUNCTIONS = new TreeMap<>();

    static {
        String unary = "Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Erfc Exp Expm1 Floor Identity Log"
                + " Log1p Reciprocal Relu Relu6 Rint Round Rsqrt Selu Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt"
                + " Square Tan Tanh Shape Rank";
        for (String name : unary.split(" ")) FUNCTIONS.put(name, name.toLowerCase(Locale.ROOT));
        String others =
                "Neg=negative Inv=reciprocal LogSoftmax=log_softmax LeakyRelu=leaky_relu IsNan=is_nan IsInf=is_inf"
                        + " LogicalNot=logical_not StopGradient=stop_gradient ZerosLike=zeros_like OnesLike=ones_like"
                        + " Add=add:y AddV2=add:y Sub=subtract:y Mul=multiply:y RealDiv=truediv:y Div=truediv:y FloorDiv=floordiv:y"
                        + " FloorMod=floormod:y Mod=floormod:y Pow=pow:y Maximum=maximum:y Minimum=minimum:y"
                        + " SquaredDifference=squared_difference:y DivNoNan=divide_no_nan:y Atan2=atan2:x Equal=equal:y"
                        + " NotEqual=not_equal:y Greater=greater:y GreaterEqual=greater_equal:y Less=less:y LessEqual=less_equal:y"
                        + " LogicalAnd=logical_and:y LogicalOr=logical_or:y Select=where:x,y SelectV2=where:x,y"
                        + " ClipByValue=clip_by_value:clip_value_min,clip_value_max BiasAdd=bias_add:bias Cast=cast"
                        + " All=reduce_all:axis Any=reduce_any:axis Max=reduce_max:axis Mean=reduce_mean:axis Min=reduce_min:axis"
                        + " Prod=reduce_prod:axis Sum=reduce_sum:axis ArgMax=argmax:axis ArgMin=argmin:axis Cumsum=cumsum:axis"
                        + " MatMul=matmul:b BatchMatMul=matmul:b BatchMatMulV2=matmul:b TopKV2=top_k:k"
                        + " Reshape=reshape:shape ExpandDims=expand_dims:axis Squeeze=squeeze Transpose=transpose:perm"
                        + " Tile=tile:multiples BroadcastTo=broadcast_to:shape Fill=fill:value Range=range:limit,delta"
                        + " Pad=pad:paddings PadV2=pad:paddings,constant_values MirrorPad=pad:paddings ReverseV2=reverse:axis"
                        + " StridedSlice=strided_slice:begin,end,strides Slice=slice:begin,size GatherV2=gather:indices,axis"
                        + " OneHot=one_hot:depth,on_value,off_value SplitV=split:num_or_size_splits,axis Unpack=unstack"
                        + " DepthToSpace=depth_to_space SpaceToDepth=space_to_depth MaxPool=max_pool AvgPool=avg_pool"
                        + " Conv2D=conv2d:filters DepthwiseConv2dNative=depthwise_conv2d:filters"
                        + " ResizeBilinear=image.resize_bilinear:size ResizeNearestNeighbor=image.resize_nearest_neighbor:size"
                        + " ResizeBicubic=image.resize:size ExtractImagePatches=image.extract_patches IsFinite=is_finite"
                        + " Cumprod=cumprod:axis EuclideanNorm=reduce_euclidean_norm:axis Roll=roll:shift,axis"
                        + " MatrixDiagPartV3=diag_part MatrixBandPart=band_part:num_lower,num_upper MulNoNan=multiply_no_nan:y"
                        + " AddN=add_n Pack=stack ConcatV2=concat Split=split IdentityN=identity";
        for (String entry : others.split(" "))
            FUNCTIONS.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
    }

    private final String type;
    private final Map<?, ?> attributes;
    private final Map<Integer, Object> constants = new TreeMap<>();

    GraphNode(Map<?, ?> config) {
        Map<?, ?> node = config.get("node_def") instanceof Map<?, ?> map ? map : Map.of();
        type = String.valueOf(node.get("op"));
        attributes = node.get("attr") instanceof Map<?, ?> map ? map : Map.of();
        if (config.get("constants") instanceof Map<?, ?> map)
            map.forEach((at, value) -> constants.put(Integer.valueOf(String.valueOf(at)), value));
    }

    String type() {
        return type;
    }

    /** Returns the name of the function that does the same; null if there is none. */
    @Nullable
    String function() {
        String entry = FUNCTIONS.get(type);
        return entry == null ? null : entry.split(":")[0];
    }

    /** Says whether the node resizes images as TensorFlow 2 does it. */
    boolean halfPixels() {
        return Boolean.TRUE.equals(attribute(attributes.get("half_pixel_centers")));
    }

    /** Returns the arguments of that function, made of the tensors, the constants among them, and the attributes. */
    FunctionArguments arguments(List<?> tensors) {
        List<Object> inputs = new ArrayList<>(tensors);
        constants.forEach((at, value) -> inputs.add(Math.min(at, inputs.size()), value));
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        attributes.forEach((name, value) -> named.put(String.valueOf(name), attribute(value)));
        if (type.equals("ResizeNearestNeighbor")) named.put("method", "nearest");
        if (type.equals("ResizeBicubic")) named.put("method", "bicubic");
        if (named.containsKey("DstT")) named.put("dtype", named.get("DstT"));
        if (named.get("adj_x") != null) named.put("transpose_a", named.get("adj_x"));
        if (named.get("adj_y") != null) named.put("transpose_b", named.get("adj_y"));
        switch (type) {
            case "AddN", "Pack", "IdentityN" -> {
                return new FunctionArguments(inputs, named);
            }
            case "ConcatV2" -> {
                named.put("axis", inputs.removeLast());
                return new FunctionArguments(inputs, named);
            }
            case "Split" -> {
                named.put("axis", inputs.getFirst());
                named.put("num_or_size_splits", named.get("num_split"));
                return new FunctionArguments(inputs.get(1), named);
            }
            default -> {
                String entry = FUNCTIONS.getOrDefault(type, "");
                String[] names = entry.contains(":")
                        ? entry.substring(entry.indexOf(':') + 1).split(",")
                        : new String[0];
                for (int i = 0; i < names.length && i + 1 < inputs.size(); i++) named.put(names[i], inputs.get(i + 1));
                return new FunctionArguments(inputs.isEmpty() ? null : inputs.getFirst(), named);
            }
        }
    }

    /** Returns the value of an attribute: JSON of Protocol Buffers has 64-bit integers and strings in codes. */
    private static @Nullable Object attribute(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) return null;
        if (map.get("i") != null) return Long.valueOf(String.valueOf(map.get("i")));
        if (map.get("f") instanceof Number f) return f;
        if (map.get("b") instanceof Boolean b) return b;
        if (map.get("type") instanceof String s) return dtype(s);
        if (map.get("s") instanceof String s)
            return new String(Base64.getDecoder().decode(s), StandardCharsets.UTF_8);
        if (map.get("list") instanceof Map<?, ?> list && list.get("i") instanceof List<?> integers)
            return integers.stream().map(i -> Long.valueOf(String.valueOf(i))).toList();
        return null;
    }

    /** Returns Keras's name of a dtype such as {@code DT_FLOAT}. */
    private static String dtype(String type) {
        return switch (type) {
            case "DT_FLOAT" -> "float32";
            case "DT_DOUBLE" -> "float64";
            case "DT_HALF" -> "float16";
            default -> type.substring(type.indexOf('_') + 1).toLowerCase(Locale.ROOT);
        };
    }
}
